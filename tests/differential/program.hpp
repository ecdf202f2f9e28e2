#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

/// The differential test: see differential_test.cpp.
namespace differential {

/// What a step of a program yields, or does.
enum class Kind : unsigned char {
    read,
    read_exactly,
    readv,
    drain,  ///< reads on until so much has come, or the end
    write,
    write_some,
    writev,
    shutdown,
    close,
    wait_readable,
    wait_writable,
    connect,
    accept,
    close_listener,
    send_to,       ///< a datagram
    receive_from,  ///< one, which may be longer than the buffer
    send_descriptors,
    receive_descriptors,  ///< what comes is from now on the end that it was
    sleep,
    pass,
    signal,
    wait_for_signal,
    spawn,
    call,
    join,
    cancel,
    raise,
    fail,  ///< ends the coroutine with an exception
    with_timeout,
};

/// "read_exactly"
std::string_view name_of(Kind kind);

/// All of them.
std::vector<Kind> all_kinds();

/// What the target of a step is.
enum class Target : unsigned char { none, end, stream, topic, coroutine };

Target target_of(Kind kind);

/// One step of a coroutine. Times are in ticks: see Order.
struct Step {
    Kind kind{};
    int target = 0;  ///< the number of what target_of() says; an end's is 2 * stream + side
    int amount = 0;  ///< bytes, ticks, recipients, or what is shut down
    int limit = 0;   ///< ticks that it has, and half of one; 0: no limit
    int passed = 0;  ///< the end that send_descriptors passes on: of a later stream than its target
    std::vector<Step> body = {};  ///< of with_timeout
};

/// What lies between two ends, 2 * stream and 2 * stream + 1: a stream of bytes, or datagrams.
struct Stream {
    enum class Kind : unsigned char {
        unix_pair,
        tcp_pair,
        unix_listener,  ///< `connect` makes the one end, `accept` the other, as often as they like
        tcp_listener,
        pipe,  ///< from the first end to the second
        unix_datagrams,
        udp,
    };
    Kind kind{};
    bool wide = false;  ///< so much is written at once that no system's buffers hold it
};

/// "unix_pair"
std::string_view name_of(Stream::Kind kind);

/// All of them.
std::vector<Stream::Kind> all_stream_kinds();

bool has_listener(const Stream& stream);
bool is_for_datagrams(const Stream& stream);

/// Whether its ends are sockets of a connection.
bool can_be_shut_down(const Stream& stream);

/// What goes through may be under way for some time, even between two sockets of one machine.
bool takes_time(const Stream& stream);

/// What the outcome may depend on.
enum class Order : unsigned char {
    apart,  ///< on nothing: each coroutine acts at instants of its own; a tick is 16 ms
    flows,  ///< on nothing but time: each direction has one writer and one reader, who go on
    races,  ///< on who comes first
};

struct Program {
    Order order{};
    std::vector<Stream> streams = {};
    std::vector<std::vector<Step>> coroutines = {};  ///< whom nobody spawns or calls is there first
    bool ends_by_closing = false;  ///< all descriptors, when all are at rest; else by cancelling
};

/// The coroutines that no step spawns or calls.
std::vector<std::size_t> first_ones(const Program& program);

bool passes_descriptors(const Program& program);

/// No system's buffers hold so many bytes, once they have been made small, as in a wide stream.
inline constexpr int many_bytes = 256 * 1024;

/// Each system's hold so many from each step of a program; and of those that it holds when it holds
/// no more, each step may take so many.
inline constexpr int few_bytes = 1000;
inline constexpr int few_bytes_of_many = 100;

/// At most so many, since each has its own millisecond of a tick, and the end of the play one.
inline constexpr int coroutines_max = 12;

}
