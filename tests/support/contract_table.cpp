#include "tests/support/contract_table.hpp"

#include "tests/support/matrix_table.hpp"
#include "tests/support/world.hpp"

#include <algorithm>
#include <ostream>
#include <stdexcept>
#include <utility>

void ContractTable::begin(const std::string& behaviour, const std::string& group)
{
    rows_.push_back({behaviour, group, {}});
    row_ = &rows_.back();
}

void ContractTable::not_applicable(const std::string& reactor, std::string_view why)
{
    if (std::find(reactors_.begin(), reactors_.end(), reactor) == reactors_.end())
        throw std::logic_error("no reactor of the tests is called " + reactor);
    if (row_)
        row_->cells[reactor] = {Verdict::not_applicable, std::string(why)};
}

void ContractTable::on(const std::string& reactor) { reactor_ = reactor; }

void ContractTable::skip(std::string_view why) { skipped_ = why; }

/// Of several times on one reactor the worst counts.
void ContractTable::played(bool failed)
{
    const Verdict verdict = failed             ? Verdict::failed
                            : skipped_.empty() ? Verdict::passed
                                               : Verdict::skipped;
    if (row_ && std::exchange(nowhere_, false) && !failed) {
        // It has said so for each of them.
    } else if (row_ && reactor_.empty()) {
        row_->played_on_none = true;
        row_->failed_on_none |= failed;
    } else if (row_ && row_->cells[reactor_].verdict < verdict) {
        row_->cells[reactor_] = {verdict, skipped_};
    }
    reactor_.clear();
    skipped_.clear();
}

std::vector<std::string> ContractTable::holes() const
{
    std::vector<std::string> all;
    for (const Row& row : rows_) {
        if (row.failed_on_none)
            all.push_back(row.behaviour + ": failed before it named its reactor");
        else if (row.played_on_none)
            all.push_back(row.behaviour + ": does not say on which reactor it is played");
        for (const std::string& reactor : reactors_)
            if (cell_of(row, reactor).verdict == Verdict::none)
                all.push_back(row.behaviour + ": is not played on " + reactor
                              + ", and does not say why");
    }
    return all;
}

const ContractTable::Cell& ContractTable::cell_of(const Row& row, const std::string& reactor)
{
    static const Cell none;
    const auto found = row.cells.find(reactor);
    return found == row.cells.end() ? none : found->second;
}

/// The reasons below the table, each said once, of all whom it concerns.
class ContractTable::Reasons {
public:
    std::string mark(const char* verdict, const std::string& why, const std::string& reactor)
    {
        auto found = std::find_if(all_.begin(), all_.end(), [&](const Reason& reason) {
            return reason.verdict == verdict && reason.why == why;
        });
        if (found == all_.end())
            found = all_.insert(all_.end(), {verdict, why, {}});
        std::vector<std::string>& names = found->reactors;
        if (std::find(names.begin(), names.end(), reactor) == names.end())
            names.push_back(reactor);
        return '[' + std::to_string(found - all_.begin() + 1) + ']';
    }

    void print(std::ostream& out) const
    {
        int number = 0;
        for (const Reason& reason : all_) {
            out << '[' << ++number << "] " << reason.verdict << ' ';
            for (const std::string& name : reason.reactors)
                out << name << (&name == &reason.reactors.back() ? ": " : ", ");
            out << reason.why << '\n';
        }
    }

private:
    struct Reason {
        std::string verdict;
        std::string why;
        std::vector<std::string> reactors;
    };
    std::vector<Reason> all_;
};

std::string ContractTable::word_of(const Row& row, const std::string& reactor, Reasons& reasons)
{
    const Cell& cell = cell_of(row, reactor);
    switch (cell.verdict) {
    case Verdict::passed:
        return "passed";
    case Verdict::failed:
        return "FAILED";
    case Verdict::skipped:
        return "skipped " + reasons.mark("skipped on", cell.why, reactor);
    case Verdict::not_applicable:
        return "- " + reasons.mark("not on", cell.why, reactor);
    case Verdict::none:
        break;
    }
    return "?";
}

void ContractTable::print(std::ostream& out) const
{
    Reasons reasons;
    std::vector<std::vector<std::string>> lines{{"The contract"}};
    lines[0].insert(lines[0].end(), reactors_.begin(), reactors_.end());
    for (const std::string& group : groups()) {
        lines.emplace_back(reactors_.size() + 1)[0] = group;
        for (const Row& row : rows_) {
            if (row.group != group)
                continue;
            lines.push_back({"  " + row.behaviour});
            for (const std::string& reactor : reactors_)
                lines.back().push_back(word_of(row, reactor, reasons));
        }
    }
    out << '\n';
    matrix::print_table(out, lines);
    out << '\n';
    reasons.print(out);
}

void ContractTable::print_counts(std::ostream& out) const
{
    Reasons reasons;
    std::vector<std::vector<std::string>> lines{{"The contract"}};
    lines[0].insert(lines[0].end(), reactors_.begin(), reactors_.end());
    for (const std::string& group : groups()) {
        lines.push_back({group});
        for (const std::string& reactor : reactors_)
            lines.back().push_back(counts_of(group, reactor, reasons));
    }
    out << '\n';
    matrix::print_table(out, lines);
    out << '\n';
    reasons.print(out);
}

/// "7", "7, 1 FAILED", or "6 [1][2]" where others have not been played, for these reasons.
std::string ContractTable::counts_of(const std::string& group, const std::string& reactor,
                                     Reasons& reasons) const
{
    int passed = 0, failed = 0;
    std::string marks;
    for (const Row& row : rows_) {
        if (row.group != group)
            continue;
        const Cell& cell = cell_of(row, reactor);
        passed += cell.verdict == Verdict::passed;
        failed += cell.verdict == Verdict::failed;
        const std::string word = word_of(row, reactor, reasons);
        const auto mark = word.find('[');
        if (mark != std::string::npos && marks.find(word.substr(mark)) == std::string::npos)
            marks += word.substr(mark);
    }
    return std::to_string(passed) + (failed > 0 ? ", " + std::to_string(failed) + " FAILED" : "")
           + (marks.empty() ? "" : ' ' + marks);
}

/// In the order in which they came.
std::vector<std::string> ContractTable::groups() const
{
    std::vector<std::string> all;
    for (const Row& row : rows_)
        if (std::find(all.begin(), all.end(), row.group) == all.end())
            all.push_back(row.group);
    return all;
}

std::string ContractTable::totals() const
{
    return "contract: " + std::to_string(rows_.size()) + " behaviours x "
           + std::to_string(reactors_.size())
           + " reactors: " + std::to_string(count(Verdict::passed)) + " passed, "
           + std::to_string(count(Verdict::failed)) + " failed, "
           + std::to_string(count(Verdict::skipped)) + " skipped, "
           + std::to_string(count(Verdict::not_applicable)) + " not applicable";
}

int ContractTable::count(Verdict verdict) const
{
    int sum = 0;
    for (const Row& row : rows_)
        for (const std::string& reactor : reactors_)
            sum += cell_of(row, reactor).verdict == verdict;
    return sum;
}

ContractTable& contract()
{
    static ContractTable table(all_reactors());
    return table;
}
