#include "tests/support/interruptions.hpp"

#include <chrono>

namespace {

volatile std::sig_atomic_t arrived = 0;

void on_signal(int) { arrived = arrived + 1; }

}

Interruptions::Interruptions() : earlier_(arrived)
{
    struct sigaction action {};  // without SA_RESTART
    action.sa_handler = on_signal;
    ::sigaction(SIGUSR1, &action, &before_);
    sender_ = std::thread([this] {
        while (!over_) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));  // the rate itself
            ::pthread_kill(target_, SIGUSR1);
        }
    });
}

Interruptions::~Interruptions()
{
    over_ = true;
    sender_.join();
    ::sigaction(SIGUSR1, &before_, nullptr);
}

int Interruptions::count() const { return arrived - earlier_; }
