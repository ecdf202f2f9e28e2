#include "tests/support/contract_table.hpp"
#include "tests/support/faulty.hpp"

#define CATCH_CONFIG_EXTERNAL_INTERFACES
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

namespace {

constexpr std::string_view legend =
    R"(
Each behaviour of the contract, on each reactor. Some of the columns are there for the tests alone:

    io_uring-*  io_uring with a ring as that Linux has it: completions may come at any time
    kqueue-*    the KQueue reactor as FreeBSD, NetBSD and macOS compile it, with a kqueue that is
                played on this system: see tests/kqueue_model
    memory      poll, with a network in memory and a clock that jumps instead of waiting
    late        a reactor whose completions all come a turn later, as those do of a system that
                makes the calls itself: also the success of what was asked to end meanwhile
    faulty      one around which there is always trouble, by chance: short transfers, reports that
                are not true, completions late and in another order; what a ring was told to do is
                given up
    - [1]       cannot be so there: see below
)";

/// "tests/contract/reading_test.cpp": "reading".
std::string group_of(std::string file)
{
    file.erase(0, file.find_last_of('/') + 1);
    return file.substr(0, file.find("_test"));
}

/// Tells the table of the contract how each of its cases ends, each time it is played; and says at
/// the end what is in it.
struct ContractListener final : Catch::TestEventListenerBase {
    using TestEventListenerBase::TestEventListenerBase;

    void testCaseStarting(const Catch::TestCaseInfo& info) override
    {
        depth_ = 0;
        if (std::find(info.tags.begin(), info.tags.end(), "contract") != info.tags.end())
            contract().begin(info.name, group_of(info.lineInfo.file));
    }

    void sectionStarting(const Catch::SectionInfo&) override { ++depth_; }

    /// The outermost section is the case itself. It ends each time that it has been played, by
    /// whatever: an exception, too, has been counted by then.
    void sectionEnded(const Catch::SectionStats& stats) override
    {
        if (--depth_ > 0)
            return;
        const bool failed = stats.assertions.failed > 0;
        if (failed && !contract().reactor().empty())
            std::cout << "It failed on the reactor " << contract().reactor() << how_to_repeat();
        contract().played(failed);
    }

    void testCaseEnded(const Catch::TestCaseStats&) override { contract().end(); }

    void testRunEnded(const Catch::TestRunStats&) override
    {
        if (contract().empty())
            return;
        if (whole_table_wanted()) {
            std::cout << legend;
            contract().print(std::cout);
        } else {
            contract().print_counts(std::cout);
            std::cout << "\nHow many behaviours have passed; COGEN_MATRIX=1 prints each of them.\n";
        }
        std::cout << '\n' << contract().totals() << '\n';
        print_faults(std::cout);
        for (const std::string& hole : contract().holes())
            std::cout << "HOLE: " << hole << '\n';
        std::cout << '\n';
    }

    static std::string how_to_repeat()
    {
        if (!is_faulty(contract().reactor()))
            return ".\n";
        return ". COGEN_FAULTS=" + std::to_string(seed_of_faults()) + " has it so again.\n";
    }

    bool whole_table_wanted() const
    {
        const std::vector<std::string>& filters = m_config->getTestsOrTags();
        return std::getenv("COGEN_MATRIX")
               || std::any_of(filters.begin(), filters.end(), [](const std::string& filter) {
                      return filter.find("[contract]") != std::string::npos;
                  });
    }

    int depth_ = 0;
};

CATCH_REGISTER_LISTENER(ContractListener)

}
