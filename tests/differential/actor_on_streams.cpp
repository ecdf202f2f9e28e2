#include "tests/differential/actor.hpp"

using namespace cogen;

namespace differential {

Actor::Verdict Actor::read(Yield& yield, const Step& step)
{
    End& end = stage_.network.end(step.target);
    const std::shared_ptr<Flow> flow = end.traffic.in;
    std::vector<std::byte> buffer(static_cast<std::size_t>(step.amount));
    const auto account = [&](std::size_t count, bool over) {
        if (flow)
            take(*flow, {buffer.data(), count}, over, step);
    };
    pending_ = pollfd{end.descriptor().number(), POLLIN, 0};
    if (step.kind == Kind::read_exactly) {
        ReadExactly operation = end.stream().read_exactly(buffer);
        return transfer(yield, operation, step, account);
    }
    const std::size_t half = buffer.size() / 2;
    const std::array<MutableBuffer, 2> halves{MutableBuffer(buffer.data(), half),
                                              {buffer.data() + half, buffer.size() - half}};
    if (step.kind == Kind::readv) {
        Readv operation = end.stream().readv(halves);
        return transfer(yield, operation, step, account);
    }
    Read operation = end.stream().read(buffer);
    return transfer(yield, operation, step, account);
}

/// What has come out of `flow`, and whether it is over. Descriptors that came along are closed.
void Actor::take(Flow& flow, std::span<const std::byte> bytes, bool over, const Step& step)
{
    const std::uint64_t from = flow.taken();
    if (!flow.took(bytes))
        stage_.fault("wrong bytes at end " + std::to_string(step.target));
    if (over)
        flow.ended();
    if (!stage_.passing.come(flow, from).empty())
        stage_.count_order(left_to_system);
}

/// By one read after the other, of as much as there is.
Actor::Verdict Actor::drain(Yield& yield, const Step& step)
{
    const std::shared_ptr<Flow> flow = stage_.network.end(step.target).traffic.in;
    std::array<std::byte, 16 * 1024> buffer;
    std::size_t all = 0;
    const auto size = static_cast<std::size_t>(step.amount);
    Verdict verdict = verdict_of([&] {
        while (all < size) {
            const DescriptorStream& stream = stage_.network.end(step.target).stream();
            pending_ = pollfd{stream.descriptor().number(), POLLIN, 0};
            const std::size_t count = yield_it(
                yield, stream.read({buffer.data(), std::min(buffer.size(), size - all)}), step);
            if (flow)
                take(*flow, {buffer.data(), count}, count == 0, step);
            if (count == 0)
                return Verdict{"end", ended_by_stream};
            all += count;
        }
        return Verdict{"ok", ended_well};
    });
    verdict.word += ' ' + count_word(all, step);
    return verdict;
}

Actor::Verdict Actor::write(Yield& yield, const Step& step)
{
    End& end = stage_.network.end(step.target);
    const std::shared_ptr<Flow> flow = end.traffic.out;
    const auto bytes = (flow ? *flow : Flow(0)).next(static_cast<std::size_t>(step.amount));
    const auto account = [&](std::size_t count, bool) {
        if (flow)
            flow->wrote(count);
    };
    pending_ = pollfd{end.descriptor().number(), POLLOUT, 0};
    if (step.kind == Kind::write) {
        Write operation = end.stream().write(bytes);
        return transfer(yield, operation, step, account);
    }
    if (step.kind == Kind::write_some) {
        WriteSome operation = end.stream().write_some(bytes);
        return transfer(yield, operation, step, account);
    }
    const std::size_t half = bytes.size() / 2;
    const std::array<ConstBuffer, 2> halves{ConstBuffer(bytes.data(), half),
                                            {bytes.data() + half, bytes.size() - half}};
    Writev operation = end.stream().writev(halves);
    return transfer(yield, operation, step, account);
}

/// How much a system takes before it is read is its own affair.
std::string Actor::count_word(std::size_t count, const Step& step) const
{
    if (!stage_.network.stream_of(step.target).wide)
        return std::to_string(count);
    return count == 0 ? "none" : count == static_cast<std::size_t>(step.amount) ? "all" : "part";
}

}
