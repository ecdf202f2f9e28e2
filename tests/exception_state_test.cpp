#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

#include <thread>

using namespace cogen;

namespace {

/// Three coroutines that sleep while they handle an exception, and then rethrow it: each tells
/// which one it got.
void spawn_three_handlers(Scheduler& scheduler, std::string& rethrown)
{
    const auto handler = [&rethrown](Yield& yield, std::string mine, Duration pause) {
        try {
            try {
                throw std::runtime_error(mine);
            } catch (...) {
                yield(Sleep(pause));
                throw;
            }
        } catch (const std::runtime_error& error) {
            rethrown += mine + " got " + error.what() + "; ";
        }
    };
    scheduler.spawn(handler, "a", Duration(2s));
    scheduler.spawn(handler, "b", Duration(1s));
    scheduler.spawn(handler, "c", Duration(3s));
}

}

TEST_CASE("a coroutine that yields while handling an exception rethrows its own", "[exceptions]")
{
    World world(each_reactor());
    std::string rethrown;
    spawn_three_handlers(world.scheduler, rethrown);
    world.scheduler.run();
    CHECK(rethrown == "b got b; a got a; c got c; ");
}

TEST_CASE("an exception on its way in one coroutine is none in another", "[exceptions]")
{
    World world(each_reactor());
    int seen = -1;
    bool inside = false;
    try {
        throw 1;
    } catch (int) {  // run() itself is called by a handler
        world.scheduler.spawn([&](Yield& yield) {
            try {
                throw 2;
            } catch (int) {
                inside = true;
                yield(Sleep(1s));
            }
        });
        world.scheduler.spawn([&](Yield&) {
            CHECK(inside);
            CHECK(std::current_exception() == nullptr);
            seen = std::uncaught_exceptions();
        });
        world.scheduler.run();
        CHECK(std::current_exception() != nullptr);
    }
    CHECK(seen == 0);
    CHECK(std::uncaught_exceptions() == 0);
}

TEST_CASE("a destructor that yields while an exception leaves its scope is refused", "[exceptions]")
{
    World world(each_reactor());
    error_code refused;
    struct Sleeper {
        Yield& yield;
        error_code& code;
        ~Sleeper()
        {
            try {
                yield(Sleep(1s));
            } catch (const system_error& error) {
                code = error.code();
            }
        }
    };
    const auto handle = world.scheduler.spawn([&](Yield& yield) {
        {
            Sleeper fine{yield, refused};
        }
        CHECK_FALSE(refused);
        Sleeper late{yield, refused};
        throw std::runtime_error("leaving");
    });
    world.scheduler.on_exception([](const Record&, std::exception_ptr) {});
    CHECK(world.scheduler.run().failed == 1);
    CHECK(refused == errc::yielded_while_unwinding);
    CHECK(handle.failed());
}

TEST_CASE("a scheduler may run on another thread than the one that made it", "[exceptions]")
{
    World world(each_reactor());
    std::string rethrown;
    spawn_three_handlers(world.scheduler, rethrown);
    std::thread([&] { world.scheduler.run(); }).join();
    CHECK(rethrown == "b got b; a got a; c got c; ");
}
