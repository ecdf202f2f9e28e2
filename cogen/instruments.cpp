// SPDX-License-Identifier: MIT
#include "cogen/instruments.hpp"

#include <algorithm>

namespace cogen {

void Instruments::add(Instrument& instrument)
{
    if (std::find(all_.begin(), all_.end(), &instrument) == all_.end())
        all_.push_back(&instrument);
}

void Instruments::remove(Instrument& instrument) noexcept
{
    all_.erase(std::remove(all_.begin(), all_.end(), &instrument), all_.end());
}

Instrument* Instruments::whom_to_tell() noexcept
{
    if (all_.empty())
        return nullptr;
    return all_.size() == 1 ? all_.front() : this;
}

void Instruments::spawned(const Coroutine& coroutine) noexcept
{
    for (Instrument* const one : all_)
        one->spawned(coroutine);
}

void Instruments::resumed(const Coroutine& coroutine) noexcept
{
    for (Instrument* const one : all_)
        one->resumed(coroutine);
}

void Instruments::yielded(const Coroutine& coroutine, const Operation& operation) noexcept
{
    for (Instrument* const one : all_)
        one->yielded(coroutine, operation);
}

void Instruments::woken(const Coroutine& coroutine, const Operation& operation) noexcept
{
    for (Instrument* const one : all_)
        one->woken(coroutine, operation);
}

void Instruments::ended(const Record& record) noexcept
{
    for (Instrument* const one : all_)
        one->ended(record);
}

void Instruments::before_wait(Patience patience) noexcept
{
    for (Instrument* const one : all_)
        one->before_wait(patience);
}

void Instruments::after_wait() noexcept
{
    for (Instrument* const one : all_)
        one->after_wait();
}

void Instruments::attempted(const IoOperation& operation, ssize_t answer) noexcept
{
    for (Instrument* const one : all_)
        one->attempted(operation, answer);
}

}
