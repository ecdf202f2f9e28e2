// SPDX-License-Identifier: MIT
#include "cogen/record.hpp"

namespace cogen {

std::string Record::title() const
{
    return '#' + std::to_string(id_) + (name_ ? ' ' + *name_ : "");
}

void Record::throw_end(const Operation& operation) const
{
    if (cancelled_)
        throw system_error(errc::cancelled, operation.describe());
    std::rethrow_exception(failure_);
}

void Record::destroy()
{
    Blocks* const blocks = blocks_;
    const std::size_t size = size_;
    void* const memory = dynamic_cast<void*>(this);  // the start of whatever derives from us
    this->~Record();
    blocks->deallocate(memory, size);
}

void Coroutine::serve(Record& record)
{
    record_ = &record;
    record.coroutine_ = this;
}

}
