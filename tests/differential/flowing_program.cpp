#include "tests/differential/generator.hpp"

#include <utility>

namespace differential {
namespace {

/// Lays streams side by side, and coroutines at their ends. A relay is the consumer of one stream
/// and the producer of the next.
class Plumber {
public:
    explicit Plumber(Dice& dice) : dice_(dice) { program_.order = Order::flows; }

    Program lay();

private:
    using Steps = std::vector<Step>;

    void lay_stream(int stream);
    void flow(int from, int to, Steps before);
    void write_bytes(Steps& producer, int from, Steps& consumer, int to);
    void send_datagrams(Steps& producer, int from, Steps& consumer, int to);
    void produce(Steps& steps, int end, int total, bool end_it);
    void consume(Steps& steps, int end, int total, bool to_the_end);
    void dawdle(Steps& steps);
    void add(Steps steps);
    void spawn_some();

    Dice& dice_;
    Program program_;
    Steps relay_;  // what has been consumed by a coroutine that is still to produce
};

Program Plumber::lay()
{
    const int streams = dice_.between(1, 3);
    for (int stream = 0; stream < streams; ++stream)
        lay_stream(stream);
    if (!relay_.empty())
        add(std::move(relay_));
    spawn_some();
    return std::move(program_);
}

void Plumber::lay_stream(int stream)
{
    using Kind = Stream::Kind;
    const Kind kind = dice_.one_of({Kind::unix_pair, Kind::unix_pair, Kind::tcp_pair,
                                    Kind::tcp_pair, Kind::pipe, Kind::unix_datagrams});
    program_.streams.push_back({kind, dice_.percent(25)});
    flow(2 * stream, 2 * stream + 1, std::exchange(relay_, {}));
    if (kind != Kind::pipe && dice_.percent(30))
        flow(2 * stream + 1, 2 * stream, {});
}

/// From its producer, who goes on from `before`, to its consumer, who may become the next producer.
void Plumber::flow(int from, int to, Steps before)
{
    Steps consumer;
    if (is_for_datagrams(program_.streams.back()))
        send_datagrams(before, from, consumer, to);
    else
        write_bytes(before, from, consumer, to);
    add(std::move(before));
    if (relay_.empty() && to % 2 == 1 && dice_.percent(50))
        relay_ = std::move(consumer);
    else
        add(std::move(consumer));
}

void Plumber::write_bytes(Steps& producer, int from, Steps& consumer, int to)
{
    const int total = program_.streams.back().wide ? many_bytes : dice_.between(1, 5 * few_bytes);
    const bool to_the_end = dice_.percent(60);
    produce(producer, from, total, to_the_end);
    consume(consumer, to, total, to_the_end);
}

/// They have no end that could be seen: both know how many there are. In a wide stream there is not
/// room for many.
void Plumber::send_datagrams(Steps& producer, int from, Steps& consumer, int to)
{
    const bool wide = program_.streams.back().wide;
    for (int left = dice_.between(1, wide ? 20 : 8); left > 0; --left) {
        dawdle(producer);
        dawdle(consumer);
        const int size = wide ? few_bytes : dice_.below(few_bytes_of_many);
        producer.push_back({Kind::send_to, from, size});
        consumer.push_back({Kind::receive_from, to, dice_.below(wide ? 2 * few_bytes : size + 20)});
    }
}

void Plumber::produce(Steps& steps, int end, int total, bool end_it)
{
    const bool wide = program_.streams.back().wide;
    while (total > 0) {
        dawdle(steps);
        const int part = wide ? total : dice_.between(1, total);
        steps.push_back({dice_.percent(60) ? Kind::write : Kind::writev, end, part});
        total -= part;
    }
    if (end_it)
        steps.push_back(can_be_shut_down(program_.streams.back()) ? Step{Kind::shutdown, end, 1}
                                                                  : Step{Kind::close, end});
}

void Plumber::consume(Steps& steps, int end, int total, bool to_the_end)
{
    const bool wide = program_.streams.back().wide;
    for (int pieces = dice_.below(4); pieces > 0 && total > few_bytes_of_many; --pieces) {
        dawdle(steps);
        const int part = dice_.between(1, wide ? few_bytes_of_many : total);
        steps.push_back({dice_.percent(50) ? Kind::read_exactly : Kind::drain, end, part});
        total -= part;
    }
    if (total > 0)
        steps.push_back({dice_.percent(50) ? Kind::read_exactly : Kind::drain, end, total});
    if (to_the_end)
        steps.push_back({dice_.percent(50) ? Kind::read_exactly : Kind::drain, end,
                         dice_.between(1, few_bytes_of_many)});
}

void Plumber::dawdle(Steps& steps)
{
    if (dice_.percent(25))
        steps.push_back({Kind::sleep, 0, dice_.below(4)});
    if (dice_.percent(15))
        steps.push_back({Kind::pass});
}

void Plumber::add(Steps steps) { program_.coroutines.push_back(std::move(steps)); }

/// Some begin when another does, and some call one that only sleeps.
void Plumber::spawn_some()
{
    auto& coroutines = program_.coroutines;
    for (int self = 1; self < static_cast<int>(coroutines.size()); ++self)
        if (dice_.percent(25)) {
            Steps& spawner = coroutines[static_cast<std::size_t>(dice_.below(self))];
            spawner.insert(spawner.begin(), {Kind::spawn, self});
        }
    if (static_cast<int>(coroutines.size()) < coroutines_max && dice_.percent(30)) {
        Steps& caller =
            coroutines[static_cast<std::size_t>(dice_.below(static_cast<int>(coroutines.size())))];
        caller.push_back({Kind::call, static_cast<int>(coroutines.size())});
        add({{Kind::sleep, 0, dice_.below(4)}});
    }
}

}

Program flowing_program(Dice& dice) { return Plumber(dice).lay(); }

}
