#pragma once

#include <cstdint>
#include <random>

namespace kqueue_model {

/// While it lives, the kqueues of this process do what kqueues may do and seldom do, at random. The
/// same seed gives the same faults. There is one at a time.
class Faults {
public:
    explicit Faults(std::uint64_t seed);
    ~Faults();
    Faults(const Faults&) = delete;
    Faults& operator=(const Faults&) = delete;

    /// The present one, or null.
    static Faults* present();

    // What is done now; each says so once in a while, and counts it.

    bool interrupts() { return strikes(interruptions); }       // EINTR; the changes have been made
    bool reports_wrongly() { return strikes(wrong_reports); }  // something that is not so
    bool reverses() { return strikes(reversals); }             // the order of the reports
    bool reports_one() { return strikes(single_reports); }     // though there is more
    bool takes_error() { return strikes(taken_errors); }       // of a socket, to tell it itself

    /// One of so many.
    std::size_t pick(std::size_t count) { return random_() % count; }

    int interruptions = 0;
    int wrong_reports = 0;
    int reversals = 0;
    int single_reports = 0;
    int taken_errors = 0;

private:
    bool strikes(int& count);

    std::mt19937_64 random_;
};

}
