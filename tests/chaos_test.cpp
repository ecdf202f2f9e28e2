// Nobody is resumed while anybody else, the system included, holds the address of his operation or
// of its buffer. A reactor that has the system make the calls breaks that first, and it is seen
// last: what is written to the stack of a coroutine that has ended hits whoever has it now.
//
// So here each operation has a coroutine of its own, its buffer is a variable of that, and its
// stack is discarded as soon as it ends: whatever is written there afterwards fails. Two dozen
// streams over small buffers are read and written like that, by operations that end early by
// chance: their time runs out, they are cancelled, their descriptor is closed while they wait. Time
// is real. Each byte is known by its place, and looked at.
//
// The control is a reactor that resumes the waiter when it is asked to cancel, as if that were the
// end. Behind it, `late` is found out at once: it attempts the operation in the next turn, and the
// process dies of SIGSEGV where the operation was. So is `io_uring`, tried by hand: in each of five
// runs its own completion came when the waiter was in the queue already, which an assertion of the
// queue forbids.
//
// COGEN_SEED=17 plays that seed alone, COGEN_SEEDS=1000 so many from there on.
#include "reactors/reactor_decorator.hpp"
#include "tests/differential/dice.hpp"
#include "tests/support/child.hpp"
#include "tests/support/faulty.hpp"
#include "tests/support/skip.hpp"
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstdlib>
#include <deque>

using namespace cogen;
using differential::Dice;

namespace {

constexpr int streams = 24;
constexpr int rounds = 3;  // connections that each has, one after the other
constexpr std::uint64_t bytes_a_round = 12'000;
constexpr std::size_t most_at_once = 700;

char byte_at(std::uint64_t place) { return static_cast<char>(place % 251 + place / 251 % 241); }

/// How operations have ended.
struct Ends {
    int well = 0;
    int timed_out = 0;
    int cancelled = 0;
    int closed = 0;
};

/// One connection: the coroutines that write at the one end, and those that read at the other.
struct Connection {
    Socket writer;
    Socket reader;
    std::uint64_t written = 0;
    std::uint64_t taken = 0;
    std::uint64_t to_write = bytes_a_round;  // and no more, or little more
    std::uint64_t to_take = 10 * bytes_a_round;
    bool breaks = false;  // is to be closed in the middle
    bool broken = false;  // has been
    bool silent = false;  // one of them has stopped
    bool waits = false;   // the other has noticed, and waits for ever
    bool over = false;    // its end has been read
};

class Chaos {
public:
    Chaos(std::unique_ptr<Reactor> reactor, unsigned seed)
        : scheduler_(std::move(reactor)), dice_(seed)
    {
        scheduler_.service<StackfulFrontEnd>().discard_stacks();
    }

    Ends run();

private:
    void live(Yield& yield);
    void send(Yield& yield, Connection& connection);
    void receive(Yield& yield, Connection& connection);
    void break_off(Yield& yield, Connection& connection);
    void write_once(Yield& yield, Connection& connection);
    void read_once(Yield& yield, Connection& connection);
    template <class F>
    void do_once(Yield& yield, Connection& connection, F function);
    template <class Op, class Account>
    void transfer(Yield& yield, Connection& connection, Op& operation, Account account);
    template <class Op>
    std::size_t yield_it(Yield& yield, Connection& connection, Op& operation);
    std::chrono::microseconds moment() { return std::chrono::microseconds(dice_.between(1, 200)); }

    Scheduler scheduler_;
    Dice dice_;
    Ends ends_;
};

Ends Chaos::run()
{
    for (int i = 0; i < streams; ++i)
        scheduler_.spawn([this](Yield& yield) { live(yield); });
    const Report report = scheduler_.run();
    CHECK(report.failed == 0);
    CHECK(report.stuck.empty());
    CHECK(scheduler_.reactor().empty());
    return ends_;
}

void Chaos::live(Yield& yield)
{
    for (int round = 0; round < rounds; ++round) {
        Connection connection;
        std::tie(connection.writer, connection.reader) = socket_pair(scheduler_);
        for (Socket* socket : {&connection.writer, &connection.reader})
            socket->options().send_buffer(1).receive_buffer(1);  // as small as the system likes
        connection.breaks = dice_.percent(40);
        if (connection.breaks) {  // one of them falls silent, and the other waits
            auto& stop = dice_.percent(50) ? connection.to_write : connection.to_take;
            stop = static_cast<std::uint64_t>(dice_.between(0, 5000));
        }
        const auto sender = yield(Spawn([&](Yield& y) { send(y, connection); }));
        const auto receiver = yield(Spawn([&](Yield& y) { receive(y, connection); }));
        if (connection.breaks)
            yield(Call([&](Yield& y) { break_off(y, connection); }));
        yield(Join(sender));
        yield(Join(receiver));
        CHECK(connection.taken <= connection.written);
        if (!connection.breaks) {
            CHECK(connection.over);
            CHECK(connection.taken == connection.written);
        }
    }
}

void Chaos::send(Yield& yield, Connection& connection)
{
    while (connection.written < connection.to_write && !connection.broken)
        do_once(yield, connection, [&](Yield& y) { write_once(y, connection); });
    if (!connection.breaks)
        yield(connection.writer.shutdown());
    connection.silent = true;
}

void Chaos::receive(Yield& yield, Connection& connection)
{
    while (connection.taken < connection.to_take && !connection.over && !connection.broken)
        do_once(yield, connection, [&](Yield& y) { read_once(y, connection); });
    connection.silent = true;
}

/// Closes one end or both, when whoever is left waits for them. If he has not noticed by then that
/// he is left, he has waited since before.
void Chaos::break_off(Yield& yield, Connection& connection)
{
    for (int left = 30; left > 0 && !connection.waits; --left)
        yield(Sleep(moment()));
    yield(Sleep(moment()));
    connection.broken = true;
    const int which = dice_.below(3);
    if (which != 0)
        yield(connection.reader.close());
    if (which != 1)
        yield(connection.writer.close());
}

/// In a coroutine of its own, which is sometimes cancelled.
template <class F>
void Chaos::do_once(Yield& yield, Connection& connection, F function)
{
    connection.waits = connection.breaks && connection.silent;
    const auto handle = yield(Spawn(std::move(function)));
    if (!connection.waits && dice_.percent(20)) {
        if (dice_.percent(50))
            yield(Sleep(moment()));
        scheduler_.cancel(handle);
    }
    const auto [error] = yield(Join(handle) | as_tuple);
    CHECK((!error || error == errc::cancelled));
}

void Chaos::write_once(Yield& yield, Connection& connection)
{
    std::array<char, most_at_once> buffer;
    const auto size = static_cast<std::size_t>(dice_.between(1, most_at_once));
    for (std::size_t i = 0; i < size; ++i)
        buffer[i] = byte_at(connection.written + i);
    const auto account = [&](std::size_t count) { connection.written += count; };
    if (dice_.percent(50)) {
        Write operation = connection.writer.write({buffer.data(), size});
        transfer(yield, connection, operation, account);
    } else {
        WriteSome operation = connection.writer.write_some({buffer.data(), size});
        transfer(yield, connection, operation, account);
    }
}

void Chaos::read_once(Yield& yield, Connection& connection)
{
    std::array<char, most_at_once> buffer;
    const auto size = static_cast<std::size_t>(dice_.between(1, most_at_once));
    int wrong = 0;
    const auto account = [&](std::size_t count) {
        for (std::size_t i = 0; i < count; ++i)
            wrong += buffer[i] != byte_at(connection.taken + i);
        connection.taken += count;
    };
    if (dice_.percent(30)) {
        ReadExactly operation = connection.reader.read_exactly({buffer.data(), size});
        transfer(yield, connection, operation, account);
        connection.over |= operation.error() == errc::end_of_stream;
    } else {
        Read operation = connection.reader.read({buffer.data(), size});
        transfer(yield, connection, operation, [&](std::size_t count) {
            account(count);
            connection.over |= !operation.error() && count == 0;
        });
    }
    CHECK(wrong == 0);
}

/// Tells `account` how many bytes have gone through, however it ends.
template <class Op, class Account>
void Chaos::transfer(Yield& yield, Connection& connection, Op& operation, Account account)
{
    const auto so_far = [&] {
        if constexpr (requires { operation.so_far(); })
            return operation.so_far();
        else
            return std::size_t{0};
    };
    try {
        account(yield_it(yield, connection, operation));
        ++ends_.well;
    } catch (const Cancelled&) {
        account(so_far());
        ++ends_.cancelled;
        throw;
    } catch (const system_error& error) {
        account(so_far());
        ends_.timed_out += error.code() == errc::timed_out;
        ends_.closed += error.code() == errc::closed;
    }
}

template <class Op>
std::size_t Chaos::yield_it(Yield& yield, Connection& connection, Op& operation)
{
    if (!connection.waits && dice_.percent(50))
        return yield(operation | within(moment()));
    return yield(operation);
}

unsigned wished(const char* name, unsigned otherwise)
{
    const char* const wish = std::getenv(name);
    return wish ? static_cast<unsigned>(std::stoul(wish)) : otherwise;
}

/// Resumes the waiter when it is asked to cancel, and leaves the operation where it is.
class HastyReactor final : public ReactorDecorator {
public:
    using ReactorDecorator::ReactorDecorator;

    void cancel(IoOperation& operation, error_code why) override { operation.complete(why); }
};

/// One seed after the other, or those that are wished for.
void play_on(const std::string& name)
{
    const unsigned first = wished("COGEN_SEED", 1);
    const unsigned seeds = wished("COGEN_SEEDS", std::getenv("COGEN_SEED") ? 1 : 3);
    for (unsigned seed = first; seed < first + seeds; ++seed) {
        CAPTURE(name, seed, seed_of_faults());
        ::alarm(120);  // the watchdog is for a play that hangs, and not for many
        const Ends ends = Chaos(reactor_named(name, system_kernel()), seed).run();
        CHECK(ends.well > 0);
        CHECK(ends.timed_out > 0);
        CHECK(ends.cancelled > 0);
        CHECK(ends.closed > 0);
    }
}

}

TEST_CASE("no byte is lost, and nobody's stack is touched, whatever ends early", "[chaos][random]")
{
    play_on(each_real_reactor());
}

TEST_CASE("no byte is lost, and nobody's stack is touched, where there is trouble, too",
          "[chaos][random][faults]")
{
    const std::vector<std::string> names = faulty_reactors();
    if (names.empty())
        return skip("no reactor that trouble can be made around is here");
    play_on(GENERATE_COPY(from_range(names)));
}

TEST_CASE("a reactor that resumes a waiter before its operation has ended is found out",
          "[chaos][random]")
{
    const Child child = child_that_runs([] {
        auto late = reactor_named("late", system_kernel());
        Chaos(std::make_unique<HastyReactor>(std::move(late)), 1).run();
    });
    const bool sanitizer_saw_it = WIFEXITED(child.status) && WEXITSTATUS(child.status) == 1;
    CHECK((child.died_of(SIGSEGV) || sanitizer_saw_it));
}
