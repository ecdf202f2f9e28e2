#pragma once

#include <cogen/cogen.hpp>

#include <exception>
#include <optional>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

// [await]
/// Waits for a coroutine of Asio's: `T value = yield(Await<T>(context, coroutine));`. It cannot be
/// ended early: who is cancelled or timed out hears of that when the coroutine has ended.
template <class T>
class Await final : public cogen::Operation {
public:
    Await(boost::asio::io_context& context, boost::asio::awaitable<T> coroutine)
        : context_(context), coroutine_(std::move(coroutine))
    {}

    cogen::Record* cancel(cogen::error_code) override { return nullptr; }

    T result()
    {
        throw_if_failed();
        if (failure_)
            std::rethrow_exception(failure_);
        return std::move(*value_);
    }

    std::string describe() const override { return "Await"; }

private:
    cogen::Coroutine* start(cogen::Scheduler& scheduler) override
    {
        boost::asio::co_spawn(
            context_, std::move(coroutine_),
            [this, work = cogen::Work(scheduler)](std::exception_ptr failure, T value) {
                failure_ = failure;
                value_ = std::move(value);
                complete();
            });
        return nullptr;
    }

    boost::asio::io_context& context_;
    boost::asio::awaitable<T> coroutine_;
    std::exception_ptr failure_;
    std::optional<T> value_;
};
// [/await]
