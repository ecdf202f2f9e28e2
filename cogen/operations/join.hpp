// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/scheduler.hpp"

#include <stdexcept>

namespace cogen {

/// Waits for a coroutine's end, and answers with what it returned: `auto n = yield(Join(handle));`
/// If it ended with an exception, that is thrown; if it was cancelled, a system_error with
/// errc::cancelled, since whoever joins it was not. Many may join one, before or after its end;
/// they go on in the order in which they came. A value that cannot be copied goes to the first.
///
/// To join oneself is errc::deadlock. Ended early, it no longer waits: the other runs on, and its
/// value is there for who joins it next. An end that came first is delivered.
template <class T>
class [[nodiscard]] Join final : public Record::Joiner {
public:
    [[nodiscard]] explicit Join(Handle<T> handle) : handle_(std::move(handle))
    {
        if (!handle_)
            throw std::logic_error("Join: the handle is empty");
    }

    Record* cancel(error_code why) override
    {
        unlink();
        complete(why);
        return nullptr;
    }

    T result()
    {
        throw_if_failed();
        RecordOf<T>& record = handle_.record();
        record.throw_unless_returned(*this);
        if constexpr (!std::is_void_v<T>)
            return value_of(record);
    }

    const Record* awaited() const override { return &handle_.record(); }
    std::string describe() const override { return "Join(" + handle_.record().title() + ')'; }

private:
    Coroutine* start(Scheduler& scheduler) override
    {
        RecordOf<T>& record = handle_.record();
        if (record.finished())
            return complete_now();
        if (scheduler.current() == record.coroutine())
            return complete_now(errc::deadlock);
        record.add(*this);
        return nullptr;
    }

    Coroutine* joined() override
    {
        complete();
        return nullptr;
    }

    static auto value_of(RecordOf<T>& record) requires(!std::is_void_v<T>)
    {
        std::optional<T>& value = record.value();
        if (!value)
            throw std::logic_error("Join(" + record.title()
                                   + "): its value has been taken already");
        if constexpr (std::is_copy_constructible_v<T>) {
            return *value;
        } else {
            T taken = std::move(*value);
            value.reset();
            return taken;
        }
    }

    Handle<T> handle_;
};

}
