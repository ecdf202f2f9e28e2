#pragma once

#include <catch2/catch.hpp>

#include <sys/resource.h>
#include <unistd.h>

/// While it lives, the process can open no descriptor with a higher number than it has now, but
/// for `more`.
class FewDescriptors {
public:
    explicit FewDescriptors(int more)
    {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        const int next = ::dup(0);
        REQUIRE(next >= 0);
        ::close(next);
        rlimit few = before_;
        few.rlim_cur = static_cast<rlim_t>(next + more);
        REQUIRE(::setrlimit(RLIMIT_NOFILE, &few) == 0);
    }
    ~FewDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    FewDescriptors(const FewDescriptors&) = delete;
    FewDescriptors& operator=(const FewDescriptors&) = delete;

private:
    rlimit before_{};
};
