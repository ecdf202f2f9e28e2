#include "tests/support/child.hpp"
#include "tests/support/sockets.hpp"

#include "cogen/helper_threads.hpp"

#include "reactors/reactor_decorator.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <csignal>
#include <future>
#include <optional>

#include <netdb.h>

using namespace cogen;

TEST_CASE("a name becomes endpoints to which one can connect", "[resolve]")
{
    Scheduler scheduler;
    scheduler.spawn([](Yield& yield) {
        Listener listener = yield(Listen({"127.0.0.1", 0}));
        const auto found = yield(Resolve("localhost", listener.endpoint().port()));
        REQUIRE_FALSE(found.empty());
        CHECK(std::find(found.begin(), found.end(), listener.endpoint()) != found.end());
        for (const Endpoint& endpoint : found)
            CHECK(endpoint.port() == listener.endpoint().port());
    });
    CHECK(scheduler.run().failed == 0);
}

TEST_CASE("one connects to a name, past the endpoints where nobody listens", "[connect_to]")
{
    Scheduler scheduler;
    scheduler.spawn([](Yield& yield) {
        Listener listener = yield(Listen({"127.0.0.1", 0}));  // and not at ::1
        const Socket here = connect_to(yield, "localhost", listener.endpoint().port());
        CHECK(here.remote_endpoint() == listener.endpoint());
        const std::uint16_t port = listener.endpoint().port();
        yield(listener.close());
        try {
            connect_to(yield, "localhost", port);
            FAIL("somebody listens");
        } catch (const system_error& error) {
            CHECK(error.code().value() == ECONNREFUSED);
            CHECK_THAT(error.what(), Catch::Contains(':' + std::to_string(port)));
        }
        CHECK_THROWS_AS(connect_to(yield, "no host", port), system_error);
    });
    CHECK(scheduler.run().failed == 0);
}

TEST_CASE("a numeric address is its own name", "[resolve]")
{
    Scheduler scheduler;
    scheduler.spawn([](Yield& yield) {
        for (const char* address : {"127.0.0.1", "::1"}) {
            const auto found = yield(Resolve(address, 80));
            REQUIRE(found.size() == 1);
            CHECK(found.front() == Endpoint(address, 80));
        }
    });
    CHECK(scheduler.run().failed == 0);
}

TEST_CASE("what is no host's name is an error that says which", "[resolve]")
{
    Scheduler scheduler;
    const auto name = GENERATE(as<std::string>(), "", "no host", std::string(300, 'x'));
    scheduler.spawn([&](Yield& yield) {
        try {
            yield(Resolve(name, 80));
            FAIL("it has been found");
        } catch (const system_error& error) {
            CHECK(error.code().category() == resolve_category());
            CHECK_THAT(error.what(), Catch::StartsWith("Resolve(" + name + ":80)"));
            CHECK_FALSE(error.code().message().empty());
        }
        CHECK(error_of(yield, Resolve({"127.0.0.1\0x", 11}, 80)).value() == EAI_NONAME);
    });
    CHECK(scheduler.run().failed == 0);
}

TEST_CASE("many names are looked up at once, and each has its own answer", "[resolve]")
{
    Scheduler scheduler;
    int right = 0;
    for (std::uint16_t port = 1; port <= 50; ++port)
        scheduler.spawn([&right, port](Yield& yield) {
            const auto found = yield(Resolve("127.0.0.1", port));
            right += found.size() == 1 && found.front().port() == port;
        });
    CHECK(scheduler.run().failed == 0);
    CHECK(right == 50);
}

namespace {

/// Takes until somebody says that it may end.
class LongJob final : public Job {
public:
    void run() override
    {
        began.set_value();
        may_end.get_future().wait();
    }
    void done() override { ++done_count; }

    std::promise<void> began;
    std::promise<void> may_end;
    int done_count = 0;
};

/// Notes which signals its thread blocks. The scheduler has work until it is done.
class LooksAtSignals final : public Job {
public:
    explicit LooksAtSignals(Scheduler& scheduler) : work_(scheduler) {}

    void run() override { ::pthread_sigmask(SIG_BLOCK, nullptr, &blocked); }
    void done() override { work_.reset(); }
    bool is_done() const { return !work_; }

    sigset_t blocked{};

private:
    std::optional<Work> work_;
};

}

TEST_CASE("a name that is waited for too long times out, and the loop goes on", "[resolve]")
{
    Scheduler scheduler;
    std::vector<std::shared_ptr<LongJob>> jobs;  // all helper threads are busy
    for (std::size_t i = 0; i < HelperThreads::most; ++i) {
        jobs.push_back(std::make_shared<LongJob>());
        scheduler.service<HelperThreads>().start(scheduler, jobs.back());
    }
    for (const auto& job : jobs)
        job->began.get_future().wait();
    bool ticked = false;
    scheduler.spawn([&](Yield& yield) {
        CHECK_THROWS_AS(yield(Resolve("localhost", 80) | within(10ms)), TimeoutError);
    });
    scheduler.spawn([&](Yield& yield) {
        yield(Sleep(1ms));
        ticked = true;
    });
    CHECK(scheduler.run().failed == 0);
    CHECK(ticked);
    for (const auto& job : jobs)
        job->may_end.set_value();
    scheduler.spawn([](Yield& yield) { CHECK(yield(Resolve("127.0.0.1", 80)).size() == 1); });
    CHECK(scheduler.run().failed == 0);
}

TEST_CASE("a scheduler ends without waiting for its helper threads", "[resolve]")
{
    const auto job = std::make_shared<LongJob>();
    {
        Scheduler scheduler;
        scheduler.service<HelperThreads>().start(scheduler, job);
        job->began.get_future().wait();
        scheduler.spawn([](Yield& yield) { yield(Resolve("localhost", 80)); });
        scheduler.step();
    }
    job->may_end.set_value();
    CHECK(job->done_count == 0);
}

namespace {

/// A reactor that is woken, and holds up who wakes it until he may go on.
class Reluctant final : public ReactorDecorator {
public:
    using ReactorDecorator::ReactorDecorator;

    void wake() noexcept override
    {
        woken.set_value();
        may_go_on.get_future().wait();
        inner().wake();
    }

    std::promise<void> woken, may_go_on;
};

}

TEST_CASE("a child of fork may destroy a scheduler while a helper thread tells it something",
          "[resolve][fork]")
{
    auto made = std::make_unique<Reluctant>(make_reactor("poll"));
    Reluctant& reactor = *made;
    Scheduler scheduler(std::move(made));
    const auto job = std::make_shared<LongJob>();
    scheduler.service<HelperThreads>().start(scheduler, job);
    job->may_end.set_value();
    reactor.woken.get_future().wait();
    const Child child = child_that_runs([&] { scheduler.~Scheduler(); });
    reactor.may_go_on.set_value();
    CHECK(child.status == 0);
}

TEST_CASE("helper threads take no signals", "[resolve]")
{
    Scheduler scheduler;
    const auto job = std::make_shared<LooksAtSignals>(scheduler);
    scheduler.service<HelperThreads>().start(scheduler, job);
    scheduler.run_for(10s);
    REQUIRE(job->is_done());
    CHECK(sigismember(&job->blocked, SIGALRM) == 1);
    CHECK(sigismember(&job->blocked, SIGINT) == 1);
}
