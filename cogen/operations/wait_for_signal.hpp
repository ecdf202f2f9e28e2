// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/topics.hpp"

#include <optional>
#include <type_traits>
#include <variant>

namespace cogen {

/// Waits for the next Signal of that name, or in that topic, and answers with its value:
/// `auto word = yield(WaitForSignal<std::string>("bar"));`, `yield(WaitForSignal(topic))`,
/// `yield(WaitForSignal("go"))` where no value goes along. Signals are not kept: one that was given
/// before is none.
///
/// To wait for a value of another type than others in the same topic is a logic_error that names
/// both. To wait for a signal does not keep run() from returning; whoever may give it does, be it a
/// coroutine that gets on, or Work. Ended early, it no longer waits, and is not counted; a signal
/// that was given first is delivered.
template <class T = void>
class [[nodiscard]] WaitForSignal final : public SignalWait {
public:
    [[nodiscard]] explicit WaitForSignal(std::string name) : SignalWait(std::move(name), typeid(T))
    {}
    [[nodiscard]] explicit WaitForSignal(const Topic<T>& topic) : SignalWait(topic, typeid(T)) {}
    explicit WaitForSignal(const Topic<T>&&) = delete;  // it must outlive us

    T result()
    {
        throw_if_failed();
        if constexpr (!std::is_void_v<T>)
            return std::move(*value_);
    }

    std::string describe() const override { return "WaitForSignal(\"" + topic() + "\")"; }

private:
    template <class>
    friend class Signal;

    std::optional<std::conditional_t<std::is_void_v<T>, std::monostate, T>> value_;
};

WaitForSignal(const char*)->WaitForSignal<>;

template <class T>
WaitForSignal(const Topic<T>&) -> WaitForSignal<T>;

}
