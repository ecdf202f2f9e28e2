// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/priority.hpp"
#include "cogen/stackful.hpp"

#include <stdexcept>
#include <tuple>
#include <utility>

namespace cogen {

/// Makes a function a coroutine of its own: `auto handle = yield(Spawn(function, arguments...));`
/// The arguments are copied or moved. It runs beside the one that spawned it, who goes on after it
/// has begun, or as a Priority says. Answers with a Handle, to join or cancel it by.
///
/// Fails with the system's error where there is no stack to be had. It is never ended early: who is
/// cancelled before yielding it spawns nobody, and who is cancelled later leaves the other running.
template <class F, class... Args>
class [[nodiscard]] Spawn final : public Operation {
public:
    using Result = typename RecordFor<F, Args...>::Result;

    [[nodiscard]] explicit Spawn(F function, Args... arguments, Site site = Site::here())
        : call_(std::move(function), std::move(arguments)...), spawned_at_(site)
    {}

    /// It is complete as soon as it is started: nothing is left to end early.
    Record* cancel(error_code) override { return nullptr; }

    Handle<Result> result()
    {
        throw_if_failed();
        return std::move(handle_);
    }

    /// Who goes first: see Priority.
    void set_priority(Priority priority) { priority_ = priority; }

    std::string describe() const override { return "Spawn(" + to_string(spawned_at_) + ')'; }

private:
    Coroutine* start(Scheduler& scheduler) override
    {
        if (std::exchange(spawned_, true))
            throw std::logic_error(describe() + ": a spawn can be yielded once");
        const auto spawn = [&](F& function, Args&... arguments) {
            handle_ = spawn_coroutine(scheduler, spawned_at_, std::move(function),
                                      std::move(arguments)...);
        };
        priority_.apply(scheduler, [&] { std::apply(spawn, call_); });
        if (priority_.yielder_at_once())
            return complete_now();
        complete();
        return nullptr;
    }

    std::tuple<F, Args...> call_;
    Site spawned_at_;
    Handle<Result> handle_;
    Priority priority_ = priority::last;
    bool spawned_ = false;
};

template <class F, class... Args>
Spawn(F, Args...) -> Spawn<F, Args...>;

}
