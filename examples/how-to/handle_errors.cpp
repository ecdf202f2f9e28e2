// What becomes of errors, on each of their ways.
#include <cogen/cogen.hpp>
#include <reactors/fake_kernel.hpp>

#include <array>
#include <iostream>
#include <string>

using namespace cogen;

// [catch]
void greet(Yield& yield, Socket sock)
{
    std::array<char, 80> buffer;
    try {
        const auto count = yield(sock.read(buffer) | within(10ms));
        std::cout << "greeted by " << std::string_view(buffer.data(), count) << '\n';
    } catch (const TimeoutError& error) {
        std::cout << "a silent one: " << error.code().message() << '\n';
    }
}
// [/catch]

// [tuple]
void look(Yield& yield, const Socket& sock)
{
    std::array<char, 80> buffer;
    const auto [error, count] = yield(sock.read(buffer) | within(10ms) | as_tuple);
    if (!error)
        std::cout << count << " bytes\n";
    else if (error == errc::timed_out)
        std::cout << "nothing yet\n";
    else
        throw system_error(error, "cannot look");
}
// [/tuple]

// [retry]
Socket connect_patiently(Yield& yield, const Endpoint& server)
{
    for (Duration pause = 1ms;; pause *= 2) {
        try {
            return yield(Connect(server) | within(5s));
        } catch (const system_error& error) {
            if (error.code() != boost::system::errc::connection_refused || pause > 4ms)
                throw;
        }
        std::cout << "once more in " << to_string(pause) << '\n';
        yield(Sleep(pause));
    }
}
// [/retry]

// [so_far]
void send_all(Yield& yield, const Socket& sock, const std::string& text)
{
    auto write = sock.write(text);
    try {
        yield(write | within(10ms));
    } catch (const system_error& error) {
        std::cout << (write.so_far() < text.size() ? "a part" : "all")
                  << " has gone out: " << error.code().message() << '\n';
    }
}
// [/so_far]

// [throws]
int number(Yield&, std::string text) { return std::stoi(text); }
// [/throws]

// [ways]
void ask(Yield& yield)
{
    try {
        yield(Call(number, "eggs"));
    } catch (const std::invalid_argument&) {
        std::cout << "the caller gets it\n";
    }

    const Handle<int> handle = yield(Spawn(number, "ham") | priority::coro);
    try {
        yield(Join(handle));
    } catch (const std::invalid_argument&) {
        std::cout << "the joiner gets it\n";
    }

    yield(Spawn(number, "spam"));  // nobody waits for it: the handler gets it
}
// [/ways]

// [pump]
void pump(Yield& yield, Socket sock)
{
    std::array<char, 80> buffer;
    for (;;) {
        try {
            if (yield(sock.read(buffer) | within(10ms)) == 0)
                return;
        } catch (const std::exception&) {  // each error; to be cancelled is none
            std::cout << "still there\n";
        }
    }
}
// [/pump]

void pump_until_cancelled(Yield& yield, Scheduler* scheduler)
{
    auto [sock, peer] = socket_pair(*scheduler);
    const Handle<> handle = yield(Spawn(pump, std::move(sock)));
    yield(Sleep(15ms));
    scheduler->cancel(handle);
    // [join]
    const auto [error] = yield(Join(handle) | as_tuple);
    if (error == errc::cancelled)
        std::cout << "it was cancelled\n";
    // [/join]
}

// [severity]
/// What an operator is to make of it.
const char* severity(const error_code& error)
{
    namespace system = boost::system::errc;
    if (error == errc::simultaneous || error == errc::deadlock
        || error == errc::yielded_while_unwinding)
        return "bug";  // in this program
    if (error == errc::timed_out || error == errc::end_of_stream || error == errc::too_long
        || error == system::connection_reset || error == system::broken_pipe)
        return "peer";  // comes and goes
    return "system";    // no descriptors, no memory, no network
}
// [/severity]

// [handler]
void log_failure(const Record& who, std::exception_ptr why)
{
    const char* kind = "bug";
    try {
        std::rethrow_exception(why);
    } catch (const system_error& error) {
        kind = severity(error.code());
    } catch (...) {}
    std::clog << kind << ": " << who.title() << ", spawned at " << to_string(who.site()) << ": "
              << message_of(why) << '\n';
}
// [/handler]

void all(Yield& yield, Scheduler* scheduler)
{
    auto [sock, peer] = socket_pair(*scheduler);
    look(yield, sock);
    send_all(yield, sock, std::string(8 << 20, 'x'));
    greet(yield, std::move(sock));
    ask(yield);
    yield(Call(pump_until_cancelled, scheduler));
    connect_patiently(yield, {"127.0.0.1", 1});
}

int main()
{
    FakeKernel memory;  // so that all goes as it is told
    Scheduler scheduler(make_reactor("poll", memory));
    scheduler.on_exception(log_failure);
    scheduler.spawn(all, &scheduler).named("all");
    // [report]
    const Report report = scheduler.run();
    std::cout << report;
    return report.failed == 0 && report.stuck.empty() ? 0 : 1;
    // [/report]
}
