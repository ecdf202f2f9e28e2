#pragma once

#include <iosfwd>
#include <map>
#include <string>
#include <string_view>
#include <vector>

/// What has come of each behaviour of the contract on each reactor.
///
/// A behaviour is a test case tagged [contract]. It is played once or several times on each
/// reactor; each time it names the reactor first. Where a behaviour and a reactor do not fit
/// together, the case says why. What is neither played nor said is a hole.
class ContractTable {
public:
    explicit ContractTable(std::vector<std::string> reactors) : reactors_(std::move(reactors)) {}

    // What happens, in its order. Outside a behaviour none of it counts.

    void begin(const std::string& behaviour, const std::string& group);
    void not_applicable(const std::string& reactor, std::string_view why);
    void on(const std::string& reactor);
    void skip(std::string_view why);
    void applies_nowhere() { nowhere_ = true; }  // on none of these reactors
    void played(bool failed);
    void end() { row_ = nullptr; }

    /// On which reactor the present case is being played; empty: it has not said.
    const std::string& reactor() const { return reactor_; }

    /// Whether the present case is a behaviour of the contract.
    bool playing() const { return row_ != nullptr; }

    bool empty() const { return rows_.empty(); }

    /// What was neither played nor said to be inapplicable, a sentence each.
    std::vector<std::string> holes() const;

    /// A row for each behaviour, a column for each reactor, and the reasons below.
    void print(std::ostream& out) const;

    /// The same with a row for each group: how many of its behaviours have passed.
    void print_counts(std::ostream& out) const;

    /// "contract: 60 behaviours x 5 reactors: 296 passed, 0 failed, 0 skipped, 4 not applicable"
    std::string totals() const;

private:
    enum class Verdict { none, passed, skipped, not_applicable, failed };

    struct Cell {
        Verdict verdict = Verdict::none;
        std::string why = {};
    };

    struct Row {
        std::string behaviour;
        std::string group;
        std::map<std::string, Cell> cells;  // by the reactor
        bool played_on_none = false;        // it has named no reactor
        bool failed_on_none = false;
    };

    class Reasons;

    static const Cell& cell_of(const Row& row, const std::string& reactor);
    static std::string word_of(const Row& row, const std::string& reactor, Reasons& reasons);
    std::string counts_of(const std::string& group, const std::string& reactor,
                          Reasons& reasons) const;
    std::vector<std::string> groups() const;
    int count(Verdict verdict) const;

    std::vector<std::string> reactors_;
    std::vector<Row> rows_;
    Row* row_ = nullptr;  // of the behaviour that is played
    std::string reactor_;
    std::string skipped_;   // why the present case could not be played
    bool nowhere_ = false;  // nor is to be
};

/// That of this program's tests.
ContractTable& contract();
