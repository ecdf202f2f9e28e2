#include "tests/kqueue_model/faults.hpp"

namespace kqueue_model {
namespace {

Faults* present_one = nullptr;

}

Faults::Faults(std::uint64_t seed) : random_(seed) { present_one = this; }

Faults::~Faults() { present_one = nullptr; }

Faults* Faults::present() { return present_one; }

bool Faults::strikes(int& count)
{
    const bool now = random_() % 4 == 0;
    count += now;
    return now;
}

}
