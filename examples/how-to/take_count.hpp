#pragma once

#include <cogen/cogen.hpp>

#include <cstdint>

// [operation]
/// Waits until somebody has added to the count of an eventfd, and takes it: answers with the count,
/// which is nothing again.
///
/// Ended early, it has taken nothing. Once it has taken the count, it has succeeded.
class TakeCount final : public cogen::IoOperation {
public:
    explicit TakeCount(cogen::Descriptor descriptor)
        : IoOperation(descriptor, cogen::Interest::read)
    {}

    ssize_t attempt(cogen::Kernel& kernel) noexcept override
    {
        return kernel.read(descriptor(), {&count_, sizeof count_});
    }

    bool advance(ssize_t answer) noexcept override { return answer < 0 ? failed(answer) : true; }

    std::uint64_t result() const
    {
        throw_if_failed();
        return count_;
    }

    std::string describe() const override { return describe_as("TakeCount"); }

private:
    std::uint64_t count_ = 0;
};
// [/operation]
