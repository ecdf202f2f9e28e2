#include "tests/differential/generator.hpp"

namespace differential {
namespace {

class Improviser {
public:
    Improviser(Dice& dice, Order order) : dice_(dice) { program_.order = order; }

    Program improvise();

private:
    bool apart() const { return program_.order == Order::apart; }
    int ends() const { return static_cast<int>(program_.streams.size()) * 2; }
    const Stream& stream_of(int end) const
    {
        return program_.streams[static_cast<std::size_t>(end / 2)];
    }

    void add_streams();
    void add_steps(std::vector<Step>& steps, int self, int count, int depth);
    Step step(int self, int depth);
    Step on_time_or_signals();
    Step on_stream(int self);
    Step on_listener(int stream);
    Step read(int end);
    Step read_bytes(int end);
    Step write(int end);
    Step write_bytes(int end);
    bool carries_descriptors(int end) const;
    int datagram_size()
    {
        return dice_.percent(10) ? 0 : dice_.between(1, dice_.percent(50) ? 20 : few_bytes_of_many);
    }
    Step on_end(int end);
    Step on_others(int self);
    bool may_use(int end, int self, const std::vector<int>& owners) const;
    int limit() { return dice_.percent(50) ? 0 : dice_.between(1, 4); }

    Dice& dice_;
    Program program_;
    std::vector<int> readers_, writers_;  // whose each direction is, by the end
    std::vector<bool> written_;           // once, where it is wide
};

Program Improviser::improvise()
{
    add_streams();
    const int count = dice_.between(2, 7);
    program_.coroutines.resize(static_cast<std::size_t>(count));
    for (int end = 0; end < ends(); ++end) {
        readers_.push_back(dice_.below(count));
        writers_.push_back(dice_.below(count));
    }
    written_.resize(static_cast<std::size_t>(ends()));
    for (int self = 0; self < count; ++self)
        add_steps(program_.coroutines[static_cast<std::size_t>(self)], self, dice_.between(1, 6),
                  0);
    program_.ends_by_closing = dice_.percent(50);
    return std::move(program_);
}

/// The network takes its time, on which nothing may depend where the order does not matter. How
/// many datagrams a system takes that nobody receives is its own affair.
void Improviser::add_streams()
{
    using Kind = Stream::Kind;
    for (int left = dice_.between(1, 3); left > 0; --left) {
        Kind kind = dice_.one_of({Kind::unix_pair, Kind::unix_pair, Kind::unix_listener,
                                  Kind::unix_listener, Kind::pipe, Kind::unix_datagrams});
        if (!apart() && dice_.percent(30))
            kind = dice_.one_of({Kind::tcp_pair, Kind::tcp_pair, Kind::tcp_listener, Kind::udp});
        const bool may_be_wide = !apart() || kind != Kind::unix_datagrams;
        program_.streams.push_back({kind, may_be_wide && dice_.percent(25)});
    }
}

void Improviser::add_steps(std::vector<Step>& steps, int self, int count, int depth)
{
    for (; count > 0; --count) {
        steps.push_back(step(self, depth));
        if (steps.back().kind == Kind::send_descriptors && dice_.percent(50))
            steps.push_back({Kind::close, steps.back().passed});
    }
}

Step Improviser::step(int self, int depth)
{
    const int chance = dice_.below(100);
    if (chance < 8 && depth < 2) {
        Step block{Kind::with_timeout, 0, dice_.between(1, 4)};
        add_steps(block.body, self, dice_.between(1, 3), depth + 1);
        return block;
    }
    if (chance < 25)
        return on_time_or_signals();
    return chance < 80 ? on_stream(self) : on_others(self);
}

Step Improviser::on_time_or_signals()
{
    const int chance = dice_.below(100);
    if (chance < 5)
        return {Kind::fail};
    if (chance < 20)
        return {Kind::pass};
    if (chance < 50)
        return {Kind::wait_for_signal, dice_.below(2), 0, limit()};
    if (chance < 70)
        return {Kind::signal, dice_.below(2), dice_.percent(20) ? dice_.between(1, 2) : 0, limit()};
    return {Kind::sleep, 0, dice_.below(4), limit()};
}

Step Improviser::on_stream(int self)
{
    const int end = dice_.below(ends());
    if (has_listener(stream_of(end)) && dice_.percent(40))
        return on_listener(end / 2);
    const int chance = dice_.below(100);
    if (chance < 42 && may_use(end, self, readers_))
        return read(end);
    if (chance >= 42 && chance < 80 && may_use(end, self, writers_))
        return write(end);
    return on_end(end);
}

bool Improviser::may_use(int end, int self, const std::vector<int>& owners) const
{
    return apart() || owners[static_cast<std::size_t>(end)] == self;
}

Step Improviser::on_listener(int stream)
{
    if (dice_.percent(5))
        return {Kind::close_listener, stream};
    return {dice_.percent(50) ? Kind::connect : Kind::accept, stream, 0, limit()};
}

Step Improviser::read(int end)
{
    if (is_for_datagrams(stream_of(end)))
        return {Kind::receive_from, end, datagram_size(), limit()};
    if (carries_descriptors(end) && dice_.percent(50))
        return {Kind::receive_descriptors, end, dice_.between(1, 20), limit()};
    return read_bytes(end);
}

/// Those of later streams, so that none is on its way through itself: those that are, and closed, a
/// system finds when it likes.
bool Improviser::carries_descriptors(int end) const
{
    const Stream& stream = stream_of(end);
    return stream.kind == Stream::Kind::unix_pair && !stream.wide && end + 2 < ends();
}

Step Improviser::read_bytes(int end)
{
    const Kind kind =
        dice_.one_of({Kind::read, Kind::read, Kind::read_exactly, Kind::readv, Kind::drain});
    int most = stream_of(end).wide ? few_bytes_of_many : few_bytes;
    int amount = dice_.percent(2) ? 0 : dice_.between(1, dice_.percent(50) ? 20 : most);
    if (stream_of(end).wide && dice_.percent(40) && kind != Kind::read && kind != Kind::readv)
        amount = many_bytes;
    return {kind, end, amount, limit()};
}

Step Improviser::write(int end)
{
    if (is_for_datagrams(stream_of(end)))
        return {Kind::send_to, end, datagram_size(), limit()};
    if (carries_descriptors(end) && dice_.percent(50))
        return {Kind::send_descriptors, end, dice_.between(1, 20), limit(),
                dice_.between(end / 2 * 2 + 2, ends() - 1)};
    return write_bytes(end);
}

Step Improviser::write_bytes(int end)
{
    const Kind kind = dice_.one_of({Kind::write, Kind::write, Kind::write_some, Kind::writev});
    if (stream_of(end).wide) {
        if (apart() && written_[static_cast<std::size_t>(end)])
            return {Kind::pass};
        written_[static_cast<std::size_t>(end)] = true;
        return {kind, end, many_bytes, limit()};
    }
    return {kind, end, dice_.percent(2) ? 0 : dice_.between(1, dice_.percent(50) ? 20 : few_bytes),
            limit()};
}

/// What anybody may do to any. When a wide one has room again is the system's own affair, and
/// select does not hear of a peer that shuts both directions of one that is full, nor, at the end
/// of a pipe that is read, that nobody writes any more, where somebody waits to write.
Step Improviser::on_end(int end)
{
    const int chance = dice_.below(100);
    if (chance < 20 && can_be_shut_down(stream_of(end)))
        return {Kind::shutdown, end, stream_of(end).wide ? 1 : dice_.below(3)};
    if (chance < 50)
        return {Kind::close, end};
    const bool is_read_only = stream_of(end).kind == Stream::Kind::pipe && end % 2 == 1;
    if (chance < 75 || is_read_only || (apart() && stream_of(end).wide))
        return {Kind::wait_readable, end, 0, limit()};
    return {Kind::wait_writable, end, 0, limit()};
}

/// Whom one spawns or calls comes later in the program, so that it ends.
Step Improviser::on_others(int self)
{
    const int count = static_cast<int>(program_.coroutines.size());
    const int any = dice_.below(count);
    if (self + 1 < count && dice_.percent(40)) {
        const int later = dice_.between(self + 1, count - 1);
        if (dice_.percent(50))
            return {Kind::spawn, later};
        return {Kind::call, later, 0, limit()};
    }
    const int chance = dice_.below(100);
    if (chance < 30)
        return {Kind::join, any, 0, limit()};
    return {chance < 70 ? Kind::cancel : Kind::raise, any};
}

}

Program improvised_program(Dice& dice, Order order) { return Improviser(dice, order).improvise(); }

}
