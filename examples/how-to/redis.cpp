// Visitors that a Redis server counts: ./redis [address port | path of a Unix socket]
// Try it with `redis-server` beside it.
#include "examples/how-to/redis.hpp"

#include <csignal>
#include <cstdlib>
#include <iostream>

using namespace cogen;

// [visit]
void visit(Yield& yield, Redis* redis, std::string visitor)
{
    for (int i = 0; i < 3; ++i) {
        const Reply count = yield(redis->command("INCR", "visits") | within(5s));
        yield(redis->command("RPUSH", "visitors", visitor) | within(5s));
        std::cout << visitor << " is number " << count.integer << '\n';
    }
}
// [/visit]

// [main]
int main(int argc, char** argv)
{
    std::signal(SIGPIPE, SIG_IGN);  // hiredis writes without MSG_NOSIGNAL
    redisAsyncContext* const context =
        argc == 2 ? redisAsyncConnectUnix(argv[1])
                  : redisAsyncConnect(argc > 1 ? argv[1] : "127.0.0.1",
                                      argc > 2 ? std::atoi(argv[2]) : 6379);
    Scheduler scheduler;
    Redis redis(scheduler, context);
    scheduler.spawn(visit, &redis, "Alice");
    scheduler.spawn(visit, &redis, "Bob");
    return scheduler.run().failed == 0 ? 0 : 1;
}
// [/main]
