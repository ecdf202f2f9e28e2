#pragma once

#include <cogen/cogen.hpp>

#include <chrono>

// [greeter]
/// Asks for a name, and greets. Who has not said it in half a minute is sent away.
inline void greet(cogen::Yield& yield, cogen::Socket sock)
{
    yield(sock.write("Who are you?\n"));
    cogen::BufferedReader reader(sock);
    try {
        const auto name = yield(reader.read_line() | cogen::within(std::chrono::seconds(30)));
        if (name)
            yield(sock.writev({"Hello, ", *name, "!\n"}));
    } catch (const cogen::TimeoutError&) {
        yield(sock.write("Too late.\n"));
    }
}

/// Greets all who come, each by a coroutine of its own.
inline void serve(cogen::Yield& yield, cogen::Listener listener)
{
    for (;;)
        yield(cogen::Spawn(greet, yield(listener.accept())));
}
// [/greeter]
