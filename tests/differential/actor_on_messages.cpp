#include "tests/differential/actor.hpp"

#include <fcntl.h>

using namespace cogen;

namespace differential {

Actor::Verdict Actor::send_to(Yield& yield, const Step& step)
{
    const End& end = stage_.network.end(step.target);
    const std::shared_ptr<DatagramFlow> flow = end.traffic.datagrams_out;
    const auto bytes = flow->next(static_cast<std::size_t>(step.amount));
    pending_ = pollfd{end.descriptor().number(), POLLOUT, 0};
    const std::size_t count =
        yield_it(yield, end.datagrams().send_to(bytes, end.traffic.peer), step);
    flow->sent(count);
    return {"ok " + std::to_string(count), ended_well};
}

Actor::Verdict Actor::receive_from(Yield& yield, const Step& step)
{
    const End& end = stage_.network.end(step.target);
    const std::shared_ptr<DatagramFlow> flow = end.traffic.datagrams_in;
    const Endpoint peer = end.traffic.peer;
    std::vector<std::byte> buffer(static_cast<std::size_t>(step.amount));
    pending_ = pollfd{end.descriptor().number(), POLLIN, 0};
    const Datagram datagram = yield_it(yield, end.datagrams().receive_from(buffer), step);
    if (!flow->received({buffer.data(), datagram.size},
                        {buffer.size(), datagram.size, datagram.full_size, datagram.truncated}))
        stage_.fault("a wrong datagram at end " + std::to_string(step.target));
    if (peer.size() > 0 && datagram.sender != peer)
        stage_.fault("a datagram from a stranger at end " + std::to_string(step.target));
    if (datagram.truncated)
        stage_.count_order(was_cut);
    if (datagram.full_size == 0)
        stage_.count_order(was_empty);
    return {"ok " + std::to_string(datagram.size) + " of " + std::to_string(datagram.full_size)
                + (datagram.truncated ? ", cut" : ""),
            ended_well};
}

/// That of another end, with bytes of this one; or a second one of the same file, since anybody may
/// close that meanwhile, whose number then is another's.
Actor::Verdict Actor::send_descriptors(Yield& yield, const Step& step)
{
    const End& end = stage_.network.end(step.target);
    const End& passed = stage_.network.end(step.passed);
    const std::shared_ptr<Flow> flow = end.traffic.out;
    const auto bytes = flow->next(static_cast<std::size_t>(step.amount));
    const int number = stage_.kernel->fcntl(passed.descriptor(), F_DUPFD_CLOEXEC, 0);
    const OpenDescriptor second(stage_.scheduler, Descriptor(std::max(number, -1)));
    const std::array<Descriptor, 1> descriptors{second.get()};
    SendDescriptors operation = std::get<Socket>(end.open).send_descriptors(descriptors, bytes);
    const std::size_t sent = stage_.passing.send(*flow, {step.passed, passed.traffic});
    return transfer(yield, operation, step, [&](std::size_t count, bool) {
        flow->wrote(count);
        if (count == 0)
            stage_.passing.take_back(sent);
    });
}

/// What comes takes its place at the end that it was.
Actor::Verdict Actor::receive_descriptors(Yield& yield, const Step& step)
{
    const End& end = stage_.network.end(step.target);
    const std::shared_ptr<Flow> flow = end.traffic.in;
    const std::uint64_t from = flow->taken();
    std::vector<std::byte> buffer(static_cast<std::size_t>(step.amount));
    std::array<OpenDescriptor, 4> descriptors;
    pending_ = pollfd{end.descriptor().number(), POLLIN, 0};
    const ReceivedDescriptors received =
        yield_it(yield, std::get<Socket>(end.open).receive_descriptors(buffer, descriptors), step);
    if (!flow->took({buffer.data(), received.size}))
        stage_.fault("wrong bytes at end " + std::to_string(step.target));
    std::vector<Passed> passed = stage_.passing.come(*flow, from);
    if (received.count != passed.size() || received.descriptors_truncated)
        stage_.fault(std::to_string(received.count) + " descriptors came at end "
                     + std::to_string(step.target) + " of " + std::to_string(passed.size()));
    for (std::size_t i = 0; i < std::min(received.count, passed.size()); ++i) {
        wait_for_own_instant(yield);  // the one before is closed, which others notice
        const bool had_one = stage_.network.replace(passed[i].end, std::move(descriptors[i]),
                                                    std::move(passed[i].traffic));
        stage_.count_order(had_one ? took_place : took_none);
    }
    const std::string word =
        std::to_string(received.size) + " and " + std::to_string(received.count);
    if (received.size == 0 && step.amount > 0) {
        flow->ended();
        return {"ok " + word, ended_by_stream};
    }
    return {"ok " + word, ended_well};
}

}
