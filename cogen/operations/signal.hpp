// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/operations/wait_for_signal.hpp"

namespace cogen {

/// Wakes all who wait for that name, or in that topic, and gives each of them a copy of the value:
/// `auto woken = yield(Signal("bar", std::string("spam")));`, `yield(Signal(topic, 7))`,
/// `yield(Signal("go"))`. A string literal becomes a std::string. Answers with their number.
///
/// It waits for nobody, unless recipients(n) says so: then until n are there to be woken, and
/// behind others that wait like that in the same topic. The signaller goes on after those it wakes,
/// or as a Priority says; one that has waited for recipients goes ahead of all at best. A signal
/// that waits for nobody passes those that do, and takes their recipients. Where a value cannot be
/// copied, its exception is thrown here; those who have got theirs keep it.
///
/// Where no coroutine can yield it, in a destructor or a posted function, `send()` does it at once,
/// on the scheduler's thread: `Signal("bar", 7).send(scheduler);`.
///
/// A value of another type than they wait for is a logic_error that names both. Ended early while
/// it waits for recipients, it wakes nobody; once they were enough, it has woken them all.
template <class T = void>
class [[nodiscard]] Signal final : public SignalSend {
    using Value = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

public:
    [[nodiscard]] explicit Signal(std::string name) requires std::is_void_v<T>
        : SignalSend(std::move(name), typeid(T))
    {}
    [[nodiscard]] explicit Signal(const Topic<T>& topic) requires std::is_void_v<T>
        : SignalSend(topic, typeid(T))
    {}
    [[nodiscard]] Signal(std::string name, Value value) requires(!std::is_void_v<T>)
        : SignalSend(std::move(name), typeid(T)), value_(std::move(value))
    {}
    [[nodiscard]] Signal(const Topic<T>& topic, Value value) requires(!std::is_void_v<T>)
        : SignalSend(topic, typeid(T)), value_(std::move(value))
    {}

    template <class... Ignored>
    explicit Signal(const Topic<T>&&, Ignored&&...) = delete;  // it must outlive us

    /// At least so many are to get it.
    Signal& recipients(std::size_t number) &
    {
        wait_for(number);
        return *this;
    }
    Signal&& recipients(std::size_t number) && { return std::move(recipients(number)); }

    std::size_t result() const
    {
        throw_if_failed();
        return woken();
    }

    std::string describe() const override
    {
        const std::string number =
            wanted() > 0 ? ", " + std::to_string(wanted()) + " recipients" : "";
        return "Signal(\"" + topic() + '"' + number + ')';
    }

private:
    void deliver(SignalWait& wait) const override
    {
        static_cast<WaitForSignal<T>&>(wait).value_.emplace(value_);
    }

    Value value_;
};

Signal(const char*)->Signal<>;
Signal(std::string)->Signal<>;
Signal(std::string, const char*)->Signal<std::string>;

template <class T>
Signal(std::string, T) -> Signal<T>;
template <class T>
Signal(const Topic<T>&) -> Signal<T>;
template <class T, class Value>
Signal(const Topic<T>&, Value) -> Signal<T>;

}
