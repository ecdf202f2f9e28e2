// Coroutines of cogen's and of Asio's in one thread: the ones serve, the others ask.
#include "await.hpp"

#include <reactors/asio.hpp>

#include <array>
#include <iostream>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

using namespace cogen;
namespace asio = boost::asio;

void echo(Yield& yield, Socket sock)
{
    std::array<char, 4096> buffer;
    while (auto n = yield(sock.read(buffer)))
        yield(sock.write({buffer.data(), n}));
}

// [ask]
asio::awaitable<std::string> ask(unsigned short port, std::string word)
{
    asio::ip::tcp::socket sock(co_await asio::this_coro::executor);
    const asio::ip::tcp::endpoint server(asio::ip::address_v4::loopback(), port);
    co_await sock.async_connect(server, asio::use_awaitable);
    co_await asio::async_write(sock, asio::buffer(word), asio::use_awaitable);
    std::string answer(word.size(), ' ');
    co_await asio::async_read(sock, asio::buffer(answer), asio::use_awaitable);
    co_return answer;
}

void serve_one(Yield& yield, asio::io_context& context, std::string word)
{
    Listener listener = yield(Listen({"127.0.0.1", 0}));
    yield(Spawn([&](Yield& y) { echo(y, y(listener.accept())); }));
    std::cout << yield(Await<std::string>(context, ask(listener.endpoint().port(), word))) << '\n';
}
// [/ask]

// [main]
int main()
{
    asio::io_context context;
    Scheduler scheduler{make_asio_reactor(context)};
    for (const char* word : {"spam", "eggs"})
        scheduler.spawn(serve_one, std::ref(context), word);
    std::cout << scheduler.run();
}
// [/main]
