#include "tests/support/world.hpp"

#include <catch2/catch.hpp>

using namespace cogen;

TEST_CASE("the spawned begins before its spawner goes on, after those who were ready", "[spawn]")
{
    World world(each_reactor());
    std::string order;
    world.scheduler.spawn([&](Yield& yield) {
        order += "m0 ";
        yield(Spawn([&](Yield&) { order += "n "; }));
        order += "m1 ";
    });
    world.scheduler.spawn([&](Yield&) { order += "o "; });
    world.scheduler.run();
    CHECK(order == "m0 o n m1 ");
}

TEST_CASE("a spawned coroutine gets its arguments, moved or copied", "[spawn]")
{
    World world(each_reactor());
    std::string got;
    world.scheduler.spawn([&](Yield& yield) {
        auto text = std::make_unique<std::string>("ham");
        const std::string copied = "eggs";
        yield(Spawn([&](Yield&, std::unique_ptr<std::string> a,
                        const std::string& b) { got = *a + " and " + b; },
                    std::move(text), copied));
    });
    world.scheduler.run();
    CHECK(got == "ham and eggs");
}

TEST_CASE("spawning answers with a handle that knows the coroutine", "[spawn]")
{
    World world(each_reactor());
    world.scheduler.spawn([&](Yield& yield) {
        const Handle<> handle = yield(Spawn([](Yield& y) { y(Sleep(1s)); })).named("sleeper");
        CHECK(handle.id() == 2);
        CHECK(handle.record().parent() == 1);
        CHECK(handle.record().title() == "#2 sleeper");
        CHECK(handle.record().site().line() == __LINE__ - 4);
        CHECK_FALSE(handle.finished());
        yield(Sleep(2s));
        CHECK(handle.finished());
        CHECK_FALSE(handle.failed());
    });
    CHECK(world.scheduler.run().failed == 0);
}

TEST_CASE("a handle may outlive its coroutine and its scheduler", "[spawn]")
{
    Handle<int> handle;
    {
        World world(each_reactor());
        handle = world.scheduler.spawn([](Yield&) { return 42; });
        world.scheduler.run();
    }
    CHECK(handle.finished());
    CHECK(handle.record().value() == 42);
}

TEST_CASE("the arguments of a coroutine are gone when it has ended, whoever keeps its handle",
          "[spawn]")
{
    World world(each_reactor());
    auto shared = std::make_shared<int>();
    const auto handle = world.scheduler.spawn([](Yield&, const std::shared_ptr<int>&) {}, shared);
    CHECK(shared.use_count() == 2);
    world.scheduler.run();
    CHECK(shared.use_count() == 1);
}

TEST_CASE("an exception that nobody waits for goes to the handler, and the others go on", "[spawn]")
{
    World world(each_reactor());
    std::string seen;
    world.scheduler.on_exception([&](const Record& record, std::exception_ptr failure) {
        try {
            std::rethrow_exception(failure);
        } catch (const std::exception& exception) {
            seen = record.title() + ": " + exception.what();
        }
    });
    bool went_on = false;
    world.scheduler
        .spawn([](Yield& yield) {
            yield(Pass());
            throw std::runtime_error("no eggs");
        })
        .named("cook");
    world.scheduler.spawn([&](Yield& yield) {
        yield(Sleep(1s));
        went_on = true;
    });
    const Report report = world.scheduler.run();
    CHECK(seen == "#1 cook: no eggs");
    CHECK(went_on);
    CHECK(report.finished == 2);
    CHECK(report.failed == 1);
}

TEST_CASE("what a coroutine returned is gone with its last handle", "[spawn]")
{
    World world(each_reactor());
    auto shared = std::make_shared<int>();
    auto handle = world.scheduler.spawn([&](Yield&) { return shared; });
    world.scheduler.run();
    CHECK(shared.use_count() == 2);
    handle = {};
    CHECK(shared.use_count() == 1);
}
