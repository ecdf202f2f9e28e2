// The words that a coroutine can say, each once: the first page of the reference quotes them.
#include <cogen/cogen.hpp>

#include <array>
#include <iostream>
#include <string>

using namespace cogen;

void times(Yield& yield, Scheduler* scheduler)
{
    auto [sock, peer] = socket_pair(*scheduler);
    std::array<char, 80> buffer;
    yield(peer.write("spam"));

    // [time]
    // Let the others run for a while; let those run who are ready.
    yield(Sleep(5ms));
    yield(Pass());

    // So much time for one operation; so long without getting on.
    yield(sock.read(buffer) | within(2s));
    yield(sock.write("eggs") | idle_limit(2s));

    // So much time for all that a body yields.
    with_timeout(yield, 2s, [&] {
        yield(Sleep(5ms));
        yield(Sleep(5ms));
    });

    // For each read and write of a socket; for all that say nothing.
    sock.timeout(30s);
    scheduler->default_timeout(60s);
    // [/time]
}

int twice(Yield& yield, int number)
{
    yield(Pass());
    return 2 * number;
}

// [chunk]
void count(Yield& yield, Consumer<int> consumer, int last)
{
    for (int i = 1; i <= last; ++i)
        yield(Chunk(consumer, i));
}
// [/chunk]

void sleep_long(Yield& yield) { yield(Sleep(1h)); }

void coroutines(Yield& yield, Scheduler* scheduler)
{
    // [coroutines]
    // Call a function as a coroutine, and wait for it.
    int answer = yield(Call(twice, 21));

    // Have one run beside this one; wait for its end.
    Handle<int> handle = yield(Spawn(twice, 21));
    answer += yield(Join(handle));

    // Give it a larger stack; ask it to end.
    Handle<> sleeper = yield(Spawn(on_stack(256 * 1024, sleep_long)));
    scheduler->cancel(sleeper);

    // Wait undisturbed, to clean up.
    shielded(yield, [&] { yield(Sleep(5ms)); });
    // [/coroutines]

    // [iterate]
    Iterate numbers(count, 3);
    while (std::optional<int> number = yield(numbers))
        answer += *number;
    // [/iterate]
    std::cout << answer << '\n';
}

// [topic]
const Topic<int> temperature{"temperature"};
// [/topic]

void hear(Yield& yield)
{
    // [wait]
    // Wait for a signal; for one with a value; for one in a topic.
    yield(WaitForSignal("go"));
    std::string word = yield(WaitForSignal<std::string>("word"));
    int degrees = yield(WaitForSignal(temperature));
    // [/wait]
    std::cout << word << ' ' << degrees << '\n';
}

void tell(Yield& yield)
{
    // [signal]
    // Wake all who wait for it, and hear how many those were.
    std::size_t woken = yield(Signal("go"));
    woken += yield(Signal("word", "spam"));

    // Wait until so many are there; say who goes first.
    woken += yield(Signal(temperature, 21).recipients(1));
    woken += yield(Signal("go") | priority::first);
    // [/signal]
    std::cout << woken << '\n';
}

void answer_one(Yield& yield, Listener* listener)
{
    // [accept]
    Socket peer = yield(listener->accept());
    // [/accept]

    // [line]
    BufferedReader reader(peer);
    while (std::optional<std::string_view> line = yield(reader.read_line()))
        yield(peer.writev({*line, "!\n"}));
    // [/line]
}

void descriptors(Yield& yield)
{
    // [listen]
    Listener listener = yield(Listen({"127.0.0.1", 0}));
    // [/listen]
    const Handle<> server = yield(Spawn(answer_one, &listener));
    // [connect]
    Socket sock = yield(Connect(listener.endpoint()));
    sock.options().keepalive(true);
    // [/connect]

    // [write]
    // All of it; several pieces; as much as there is room for.
    std::size_t sent = yield(sock.write("spam\n"));
    sent += yield(sock.writev({"eggs", " ", "ham"}));
    sent += yield(sock.write_some("\n"));

    // Nothing more comes: the peer reads the end.
    yield(sock.shutdown());
    // [/write]

    // [read]
    // Until the buffer is full; what there is, where 0 is the end.
    std::array<char, 6> buffer;
    std::size_t count = yield(sock.read_exactly(buffer));
    while (std::size_t n = yield(sock.read(buffer)))
        count += n;

    // Close it now, and hear how that went.
    yield(sock.close());
    // [/read]
    yield(Join(server));

    // [resolve]
    std::vector<Endpoint> found = yield(Resolve("127.0.0.1", 80));
    // [/resolve]
    std::cout << sent << ' ' << count << ' ' << to_string(found.at(0)) << '\n';
}

void other_descriptors(Yield& yield, Scheduler* scheduler)
{
    std::array<char, 80> buffer;
    // [datagrams]
    // One that is found at an address; one that has a single peer.
    DatagramSocket here = yield(BindDatagram({"127.0.0.1", 0}));
    DatagramSocket there = yield(ConnectDatagram(here.local_endpoint()));

    yield(there.send("spam"));
    Datagram datagram = yield(here.receive_from(buffer));
    yield(here.send_to("eggs", datagram.sender));
    // [/datagrams]

    // [file]
    // What is typed, or a pipe, or what is open already: read and written as a socket is.
    File input = standard_input(*scheduler);
    auto [out, in] = cogen::pipe(*scheduler);
    yield(in.write("ham"));
    std::size_t n = yield(out.read(buffer));
    // [/file]

    auto [sock, peer] = socket_pair(*scheduler);
    // [descriptors]
    // Pass an open descriptor on, with a byte at least; own those that come.
    yield(sock.send_descriptors({in.descriptor()}, "x"));
    std::array<OpenDescriptor, 4> open;
    ReceivedDescriptors received = yield(peer.receive_descriptors(buffer, open));
    // [/descriptors]
    std::cout << datagram.size << ' ' << n << ' ' << received.count << '\n';
}

void failure(Yield& yield, Scheduler* scheduler)
{
    auto [sock, peer] = socket_pair(*scheduler);
    std::array<char, 80> buffer;
    // [failure]
    // An exception, of a named kind or the system's.
    try {
        yield(sock.read(buffer) | within(5ms));
    } catch (const TimeoutError&) {
        std::cout << "too late\n";
    } catch (const system_error& error) {
        std::cout << error.code().message() << '\n';
    }

    // The same as a value.
    auto [error, n] = yield(sock.read(buffer) | within(5ms) | as_tuple);
    if (error == errc::timed_out)
        std::cout << n << " bytes\n";

    // How far it has come, though it may have failed.
    auto write = sock.write(std::string_view("spam"));
    yield(write | as_tuple);
    std::cout << write.so_far() << " bytes\n";

    // Have another throw that.
    const Handle<> sleeper = yield(Spawn(sleep_long));
    scheduler->raise(sleeper, std::logic_error("out of ham"));
    // [/failure]
}

int main()
{
    Scheduler scheduler;
    // [handler]
    scheduler.on_exception([](const Record& who, std::exception_ptr why) {
        std::cout << who.title() << ": " << message_of(why) << '\n';
    });
    // [/handler]
    scheduler.spawn(hear);
    scheduler.spawn(tell);
    scheduler.spawn(coroutines, &scheduler);
    scheduler.run();
    scheduler.spawn(times, &scheduler);
    scheduler.run();
    scheduler.spawn(descriptors);
    scheduler.run();
    scheduler.spawn(other_descriptors, &scheduler);
    scheduler.run();
    scheduler.spawn(failure, &scheduler).named("failure");
    std::cout << scheduler.run();
}
