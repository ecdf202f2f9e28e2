#include "reactors/fake_kernel.hpp"
#include "tests/support/sockets.hpp"
#include "tests/support/world.hpp"

#include "reactors/kernel_decorator.hpp"

#include <catch2/catch.hpp>

using namespace cogen;

namespace {

/// A network in which connections take two looks, and may fail at the second.
class SlowNetwork final : public KernelDecorator {
public:
    using KernelDecorator::KernelDecorator;

    int connect(Descriptor descriptor, const sockaddr* address, socklen_t size) override
    {
        ++looks;
        if (looks <= 2)
            return looks == 1 ? -EINPROGRESS : -EALREADY;
        const int answer = KernelDecorator::connect(descriptor, address, size);
        return answer == 0 ? -EISCONN : answer;  // it has come about meanwhile
    }

    int getsockopt(Descriptor, int, int, void* value, socklen_t&) override
    {
        *static_cast<int*>(value) = error;
        return 0;
    }

    int looks = 0;
    int error = 0;
};

/// A network in which some of those who connect have given up before they are accepted.
class FickleNetwork final : public KernelDecorator {
public:
    using KernelDecorator::KernelDecorator;

    int accept(Descriptor descriptor) override
    {
        return gone > 0 && gone-- ? -error : KernelDecorator::accept(descriptor);
    }

    int gone = 3;
    int error = ECONNABORTED;
};

}

TEST_CASE("a connection that takes its time succeeds or fails as the system says at last",
          "[connect]")
{
    FakeKernel memory;
    SlowNetwork kernel(memory);
    Scheduler scheduler(make_reactor("poll", kernel));
    scheduler.spawn([&](Yield& yield) {
        Listener listener = yield(Listen({"127.0.0.1", 0}));
        kernel.error = GENERATE(0, ETIMEDOUT);
        CHECK(error_of(yield, Connect(listener.endpoint())).value() == kernel.error);
        CHECK(kernel.looks == (kernel.error ? 1 : 3));
    });
    CHECK(scheduler.run().failed == 0);
}

TEST_CASE("who has given up before being accepted is passed over", "[accept]")
{
    FakeKernel memory;
    FickleNetwork kernel(memory);
    kernel.error = GENERATE(ECONNABORTED, EPROTO, EHOSTUNREACH);
    Scheduler scheduler(make_reactor("poll", kernel));
    scheduler.spawn([&](Yield& yield) {
        Listener listener = yield(Listen({"127.0.0.1", 0}));
        const Socket client = yield(Connect(listener.endpoint()));
        CHECK(yield(listener.accept()));
        CHECK(kernel.gone == 0);
    });
    CHECK(scheduler.run().failed == 0);
}

TEST_CASE("a short read means that there is no more on TCP only", "[connect]")
{
    CHECK(stream_kind_at({"127.0.0.1", 80}) == StreamKind::tcp);
    CHECK(stream_kind_at({"::1", 80}) == StreamKind::tcp);
    CHECK(stream_kind_at(unix_endpoint("any")) == StreamKind::socket);
}
