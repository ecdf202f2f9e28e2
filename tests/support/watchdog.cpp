#define CATCH_CONFIG_EXTERNAL_INTERFACES
#include <catch2/catch.hpp>

#include <csignal>
#include <cstring>
#include <string>

#include <unistd.h>

// A test that hangs would otherwise be known only by its silence.

namespace {

constexpr unsigned patience = 120;  // seconds, for the slowest test under sanitizers

std::string name;  // of the test that runs

void bark(int)
{
    static const char words[] = "\nA test takes too long: ";
    static_cast<void>(::write(2, words, sizeof words - 1));
    static_cast<void>(::write(2, name.data(), name.size()));
    static_cast<void>(::write(2, "\n", 1));
    ::abort();
}

struct Watchdog final : Catch::TestEventListenerBase {
    using TestEventListenerBase::TestEventListenerBase;

    void testCaseStarting(const Catch::TestCaseInfo& info) override
    {
        name = info.name;
        std::signal(SIGALRM, bark);
        ::alarm(patience);
    }
    void testCaseEnded(const Catch::TestCaseStats&) override { ::alarm(0); }
};

CATCH_REGISTER_LISTENER(Watchdog)

}
