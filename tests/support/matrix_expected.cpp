#include "tests/support/matrix_expected.hpp"

#include <algorithm>

namespace matrix {
namespace {

// What the coroutine gets, and behind a comma what its next yield gets, where that is no success.
// Once cancelled it is cancelled at each yield from then on, and that is not said again. What
// as_tuple answers with an error stands in braces.
//
// A cell is empty where nobody can be that quick: what is complete at once has a moment only where
// its coroutine has to wait for its turn; and when a scheduler ends, those end too who would help.
//
// - A success that was faster wins and is delivered; cancellations and exceptions then come at the
//   next yield (decision 2). A time that is over by then is none of the next yield's business.
// - A reactor that is told of readiness ends an operation when it is asked to: what comes then, or
//   has come since it last looked, is no success, and stays for the next. Where completions are
//   late, a success may overtake: see the marks.
// - What is complete as soon as it is started cannot be ended. Before that it can be refused, and
//   is then not started.
// - Of several that want a coroutine out, the outermost is thrown: a cancellation before a deadline
//   that is within it. An exception is thrown once, ahead of the cancellation that stays.
// - Timers for the same instant expire in the order in which they were set: with_timeout() sets its
//   own before a Sleep in its body does, and within() after the one that it limits.

constexpr std::string_view alone_by_time = R"(
operation      succeeds  within       with_timeout  socket's     scheduler's
Sleep          value     timed out    timed out     -            no effect
  | as_tuple   value     {timed out}  timed out     -            no effect
Pass           value     value        value         -            value
Call           value     timed out    timed out     -            no effect
  | as_tuple   value     {timed out}  timed out     -            no effect
Iterate        value     timed out    timed out     -            no effect
  | as_tuple   value     {timed out}  timed out     -            no effect
Chunk          value     timed out    timed out     -            no effect
  | as_tuple   value     {timed out}  timed out     -            no effect
stop()         value     timed out    timed out     -            no effect
  | as_tuple   value     {timed out}  timed out     -            no effect
Spawn          value     value        value         -            value
Join           value     timed out    timed out     -            no effect
  | as_tuple   value     {timed out}  timed out     -            no effect
WaitForSignal  value     timed out    timed out     -            no effect
  | as_tuple   value     {timed out}  timed out     -            no effect
Signal to two  value     timed out    timed out     -            no effect
  | as_tuple   value     {timed out}  timed out     -            no effect
Read           value     timed out    timed out     timed out    timed out
  | as_tuple   value     {timed out}  timed out     {timed out}  {timed out}
Write          value     timed out    timed out     timed out    timed out
  | as_tuple   value     {timed out}  timed out     {timed out}  {timed out}
Accept         value     timed out    timed out     -            no effect
  | as_tuple   value     {timed out}  timed out     -            no effect
Connect        value     timed out    timed out     -            timed out
  | as_tuple   value     {timed out}  timed out     -            {timed out}
Listen         value     value        value         -            value
Close          value     value        value         -            value
)";

constexpr std::string_view alone_by_others = R"(
operation      cancel     raise   close     scheduler ends
Sleep          cancelled  raised  -         cancelled
  | as_tuple   cancelled  raised  -         cancelled
Pass           cancelled  raised  -         cancelled
Call           cancelled  raised  -         cancelled
  | as_tuple   cancelled  raised  -         cancelled
Iterate        cancelled  raised  -         cancelled
  | as_tuple   cancelled  raised  -         cancelled
Chunk          cancelled  raised  -         cancelled
  | as_tuple   cancelled  raised  -         cancelled
stop()         cancelled  raised  -         cancelled
  | as_tuple   cancelled  raised  -         cancelled
Spawn          cancelled  raised  -         cancelled
Join           cancelled  raised  -         cancelled
  | as_tuple   cancelled  raised  -         cancelled
WaitForSignal  cancelled  raised  -         cancelled
  | as_tuple   cancelled  raised  -         cancelled
Signal to two  cancelled  raised  -         cancelled
  | as_tuple   cancelled  raised  -         cancelled
Read           cancelled  raised  closed    cancelled
  | as_tuple   cancelled  raised  {closed}  cancelled
Write          cancelled  raised  closed    cancelled
  | as_tuple   cancelled  raised  {closed}  cancelled
Accept         cancelled  raised  closed    cancelled
  | as_tuple   cancelled  raised  {closed}  cancelled
Connect        cancelled  raised  -         cancelled
  | as_tuple   cancelled  raised  -         cancelled
Listen         cancelled  raised  -         cancelled
Close          cancelled  raised  value     cancelled
)";

constexpr std::string_view in_time = R"(
operation      within  with_timeout  socket's  scheduler's
Sleep          value   value         -         -
  | as_tuple   value   value         -         -
Pass           value   value         -         value
Call           value   value         -         -
  | as_tuple   value   value         -         -
Iterate        value   value         -         -
  | as_tuple   value   value         -         -
Chunk          value   value         -         -
  | as_tuple   value   value         -         -
stop()         value   value         -         -
  | as_tuple   value   value         -         -
Spawn          value   value         -         value
Join           value   value         -         -
  | as_tuple   value   value         -         -
WaitForSignal  value   value         -         -
  | as_tuple   value   value         -         -
Signal to two  value   value         -         -
  | as_tuple   value   value         -         -
Read           value   value         value     value
  | as_tuple   value   value         value     value
Write          value   value         value     value
  | as_tuple   value   value         value     value
Accept         value   value         -         -
  | as_tuple   value   value         -         -
Connect        value   value         -         value
  | as_tuple   value   value         -         value
Listen         value   value         -         value
Close          value   value         -         value
)";

constexpr std::string_view success_first_by_time = R"(
operation      within  with_timeout  socket's  scheduler's
Sleep          value   value         -         -
  | as_tuple   value   value         -         -
Pass           value   value         -         value
Call           value   value         -         -
  | as_tuple   value   value         -         -
Chunk          value   value         -         -
  | as_tuple   value   value         -         -
Spawn          value   value         -         value
Join           value   value         -         -
  | as_tuple   value   value         -         -
WaitForSignal  value   value         -         -
  | as_tuple   value   value         -         -
Signal to two  value   value         -         -
  | as_tuple   value   value         -         -
Read           value   value         value     value
  | as_tuple   value   value         value     value
Write          value   value         value     value
  | as_tuple   value   value         value     value
Accept         value   value         -         -
  | as_tuple   value   value         -         -
Connect        value   value         -         value
  | as_tuple   value   value         -         value
Listen         value   value         -         value
Close          value   value         -         value
)";

constexpr std::string_view success_first_by_others = R"(
operation      cancel            raise          close  scheduler ends
Sleep          value, cancelled  value, raised  -      value, cancelled
  | as_tuple   value, cancelled  value, raised  -      value, cancelled
Pass           value, cancelled  value, raised  -      -
Call           value, cancelled  value, raised  -      value, cancelled
  | as_tuple   value, cancelled  value, raised  -      value, cancelled
Chunk          value, cancelled  value, raised  -      value, cancelled
  | as_tuple   value, cancelled  value, raised  -      value, cancelled
Spawn          value, cancelled  value, raised  -      -
Join           value, cancelled  value, raised  -      -
  | as_tuple   value, cancelled  value, raised  -      -
WaitForSignal  value, cancelled  value, raised  -      value, cancelled
  | as_tuple   value, cancelled  value, raised  -      value, cancelled
Signal to two  value, cancelled  value, raised  -      -
  | as_tuple   value, cancelled  value, raised  -      -
Read           value, cancelled  value, raised  value  value, cancelled
  | as_tuple   value, cancelled  value, raised  value  value, cancelled
Write          value, cancelled  value, raised  value  value, cancelled
  | as_tuple   value, cancelled  value, raised  value  value, cancelled
Accept         value, cancelled  value, raised  value  value, cancelled
  | as_tuple   value, cancelled  value, raised  value  value, cancelled
Connect        value, cancelled  value, raised  -      value, cancelled
  | as_tuple   value, cancelled  value, raised  -      value, cancelled
Listen         value, cancelled  value, raised  -      -
Close          value, cancelled  value, raised  value  -
)";

constexpr std::string_view unnoticed_by_others = R"(
operation      cancel            raise          close     scheduler ends
Sleep          cancelled         raised         -         cancelled
  | as_tuple   cancelled         raised         -         cancelled
Call           value, cancelled  value, raised  -         value, cancelled
  | as_tuple   value, cancelled  value, raised  -         value, cancelled
Iterate        cancelled         raised         -         cancelled
  | as_tuple   cancelled         raised         -         cancelled
Chunk          value, cancelled  value, raised  -         value, cancelled
  | as_tuple   value, cancelled  value, raised  -         value, cancelled
stop()         cancelled         raised         -         cancelled
  | as_tuple   cancelled         raised         -         cancelled
Join           cancelled         raised         -         cancelled
  | as_tuple   cancelled         raised         -         cancelled
WaitForSignal  value, cancelled  value, raised  -         value, cancelled
  | as_tuple   value, cancelled  value, raised  -         value, cancelled
Signal to two  cancelled         raised         -         cancelled
  | as_tuple   cancelled         raised         -         cancelled
Read           cancelled [2]     raised [3]     closed    cancelled [2]
  | as_tuple   cancelled [2]     raised [3]     {closed}  cancelled [2]
Write          cancelled [2]     raised [3]     closed    cancelled [2]
  | as_tuple   cancelled [2]     raised [3]     {closed}  cancelled [2]
Accept         cancelled [2]     raised [3]     closed    cancelled [2]
  | as_tuple   cancelled [2]     raised [3]     {closed}  cancelled [2]
Connect        cancelled [2]     raised [3]     -         cancelled [2]
  | as_tuple   cancelled [2]     raised [3]     -         cancelled [2]
)";

constexpr std::string_view end_first_by_time = R"(
operation      within           with_timeout   socket's         scheduler's
Sleep          timed out        timed out      -                -
  | as_tuple   {timed out}      timed out      -                -
Call           timed out        timed out      -                -
  | as_tuple   {timed out}      timed out      -                -
Iterate        timed out        timed out      -                -
  | as_tuple   {timed out}      timed out      -                -
Chunk          timed out        timed out      -                -
  | as_tuple   {timed out}      timed out      -                -
stop()         timed out        timed out      -                -
  | as_tuple   {timed out}      timed out      -                -
Join           timed out        timed out      -                -
  | as_tuple   {timed out}      timed out      -                -
WaitForSignal  timed out        timed out      -                -
  | as_tuple   {timed out}      timed out      -                -
Signal to two  timed out        timed out      -                -
  | as_tuple   {timed out}      timed out      -                -
Read           timed out [1]    timed out [1]  timed out [1]    timed out [1]
  | as_tuple   {timed out} [1]  timed out [1]  {timed out} [1]  {timed out} [1]
Write          timed out [1]    timed out [1]  timed out [1]    timed out [1]
  | as_tuple   {timed out} [1]  timed out [1]  {timed out} [1]  {timed out} [1]
Accept         timed out [1]    timed out [1]  -                -
  | as_tuple   {timed out} [1]  timed out [1]  -                -
Connect        timed out [1]    timed out [1]  -                timed out [1]
  | as_tuple   {timed out} [1]  timed out [1]  -                {timed out} [1]
)";

constexpr std::string_view end_first_by_others = R"(
operation      cancel         raise       close     scheduler ends
Sleep          cancelled      raised      -         cancelled
  | as_tuple   cancelled      raised      -         cancelled
Call           cancelled      raised      -         cancelled
  | as_tuple   cancelled      raised      -         cancelled
Iterate        cancelled      raised      -         cancelled
  | as_tuple   cancelled      raised      -         cancelled
Chunk          cancelled      raised      -         cancelled
  | as_tuple   cancelled      raised      -         cancelled
stop()         cancelled      raised      -         cancelled
  | as_tuple   cancelled      raised      -         cancelled
Join           cancelled      raised      -         cancelled
  | as_tuple   cancelled      raised      -         cancelled
WaitForSignal  cancelled      raised      -         cancelled
  | as_tuple   cancelled      raised      -         cancelled
Signal to two  cancelled      raised      -         cancelled
  | as_tuple   cancelled      raised      -         cancelled
Read           cancelled [2]  raised [3]  closed    cancelled [2]
  | as_tuple   cancelled [2]  raised [3]  {closed}  cancelled [2]
Write          cancelled [2]  raised [3]  closed    cancelled [2]
  | as_tuple   cancelled [2]  raised [3]  {closed}  cancelled [2]
Accept         cancelled [2]  raised [3]  closed    cancelled [2]
  | as_tuple   cancelled [2]  raised [3]  {closed}  cancelled [2]
Connect        cancelled [2]  raised [3]  -         cancelled [2]
  | as_tuple   cancelled [2]  raised [3]  -         cancelled [2]
)";

constexpr std::string_view same_instant_by_time = R"(
operation      within           with_timeout   socket's         scheduler's
Sleep          value            timed out      -                -
  | as_tuple   value            timed out      -                -
Call           timed out        timed out      -                -
  | as_tuple   {timed out}      timed out      -                -
Iterate        timed out        timed out      -                -
  | as_tuple   {timed out}      timed out      -                -
Chunk          timed out        timed out      -                -
  | as_tuple   {timed out}      timed out      -                -
stop()         timed out        timed out      -                -
  | as_tuple   {timed out}      timed out      -                -
Join           timed out        timed out      -                -
  | as_tuple   {timed out}      timed out      -                -
WaitForSignal  timed out        timed out      -                -
  | as_tuple   {timed out}      timed out      -                -
Signal to two  timed out        timed out      -                -
  | as_tuple   {timed out}      timed out      -                -
Read           timed out [1]    timed out [1]  timed out [1]    timed out [1]
  | as_tuple   {timed out} [1]  timed out [1]  {timed out} [1]  {timed out} [1]
Write          timed out [1]    timed out [1]  timed out [1]    timed out [1]
  | as_tuple   {timed out} [1]  timed out [1]  {timed out} [1]  {timed out} [1]
Accept         timed out [1]    timed out [1]  -                -
  | as_tuple   {timed out} [1]  timed out [1]  -                -
Connect        timed out [1]    timed out [1]  -                timed out [1]
  | as_tuple   {timed out} [1]  timed out [1]  -                {timed out} [1]
)";

constexpr std::string_view twice_by_time = R"(
operation      within                  with_timeout  socket's                scheduler's
Sleep          timed out, cancelled    cancelled     -                       -
  | as_tuple   {timed out}, cancelled  cancelled     -                       -
Call           timed out, cancelled    cancelled     -                       -
  | as_tuple   {timed out}, cancelled  cancelled     -                       -
Iterate        timed out, cancelled    cancelled     -                       -
  | as_tuple   {timed out}, cancelled  cancelled     -                       -
Chunk          timed out, cancelled    cancelled     -                       -
  | as_tuple   {timed out}, cancelled  cancelled     -                       -
stop()         timed out, cancelled    cancelled     -                       -
  | as_tuple   {timed out}, cancelled  cancelled     -                       -
Join           timed out, cancelled    cancelled     -                       -
  | as_tuple   {timed out}, cancelled  cancelled     -                       -
WaitForSignal  timed out, cancelled    cancelled     -                       -
  | as_tuple   {timed out}, cancelled  cancelled     -                       -
Signal to two  timed out, cancelled    cancelled     -                       -
  | as_tuple   {timed out}, cancelled  cancelled     -                       -
Read           timed out, cancelled    cancelled     timed out, cancelled    timed out, cancelled
  | as_tuple   {timed out}, cancelled  cancelled     {timed out}, cancelled  {timed out}, cancelled
Write          timed out, cancelled    cancelled     timed out, cancelled    timed out, cancelled
  | as_tuple   {timed out}, cancelled  cancelled     {timed out}, cancelled  {timed out}, cancelled
Accept         timed out, cancelled    cancelled     -                       -
  | as_tuple   {timed out}, cancelled  cancelled     -                       -
Connect        timed out, cancelled    cancelled     -                       timed out, cancelled
  | as_tuple   {timed out}, cancelled  cancelled     -                       {timed out}, cancelled
)";

constexpr std::string_view twice_by_others = R"(
operation      cancel             raise              close                scheduler ends
Sleep          raised, cancelled  raised, cancelled  -                    raised, cancelled
  | as_tuple   raised, cancelled  raised, cancelled  -                    raised, cancelled
Pass           raised, cancelled  raised, cancelled  -                    -
Call           raised, cancelled  raised, cancelled  -                    raised, cancelled
  | as_tuple   raised, cancelled  raised, cancelled  -                    raised, cancelled
Iterate        raised, cancelled  raised, cancelled  -                    raised, cancelled
  | as_tuple   raised, cancelled  raised, cancelled  -                    raised, cancelled
Chunk          raised, cancelled  raised, cancelled  -                    raised, cancelled
  | as_tuple   raised, cancelled  raised, cancelled  -                    raised, cancelled
stop()         raised, cancelled  raised, cancelled  -                    raised, cancelled
  | as_tuple   raised, cancelled  raised, cancelled  -                    raised, cancelled
Spawn          raised, cancelled  raised, cancelled  -                    -
Join           raised, cancelled  raised, cancelled  -                    raised, cancelled
  | as_tuple   raised, cancelled  raised, cancelled  -                    raised, cancelled
WaitForSignal  raised, cancelled  raised, cancelled  -                    raised, cancelled
  | as_tuple   raised, cancelled  raised, cancelled  -                    raised, cancelled
Signal to two  raised, cancelled  raised, cancelled  -                    raised, cancelled
  | as_tuple   raised, cancelled  raised, cancelled  -                    raised, cancelled
Read           raised, cancelled  raised, cancelled  closed, cancelled    raised, cancelled
  | as_tuple   raised, cancelled  raised, cancelled  {closed}, cancelled  raised, cancelled
Write          raised, cancelled  raised, cancelled  closed, cancelled    raised, cancelled
  | as_tuple   raised, cancelled  raised, cancelled  {closed}, cancelled  raised, cancelled
Accept         raised, cancelled  raised, cancelled  closed, cancelled    raised, cancelled
  | as_tuple   raised, cancelled  raised, cancelled  {closed}, cancelled  raised, cancelled
Connect        raised, cancelled  raised, cancelled  -                    raised, cancelled
  | as_tuple   raised, cancelled  raised, cancelled  -                    raised, cancelled
Listen         raised, cancelled  raised, cancelled  -                    -
Close          raised, cancelled  raised, cancelled  cancelled            -
)";

}

const std::vector<ExpectedTable>& expected_tables()
{
    static const std::vector<ExpectedTable> tables = {
        {Order::alone,
         "the end alone, by time",
         {End::success, End::within, End::with_timeout, End::socket_timeout,
          End::scheduler_timeout},
         alone_by_time},
        {Order::alone,
         "the end alone, by others",
         {End::cancel, End::raise, End::close, End::scheduler_ends},
         alone_by_others},
        {Order::in_time,
         "the success, long before the time is over",
         {End::within, End::with_timeout, End::socket_timeout, End::scheduler_timeout},
         in_time},
        {Order::success_first,
         "the success, and then the end before the coroutine goes on, by time",
         {End::within, End::with_timeout, End::socket_timeout, End::scheduler_timeout},
         success_first_by_time},
        {Order::success_first,
         "the success, and then the end before the coroutine goes on, by others",
         {End::cancel, End::raise, End::close, End::scheduler_ends},
         success_first_by_others},
        {Order::unnoticed,
         "what would be the success, unnoticed as yet, and then the end, by others",
         {End::cancel, End::raise, End::close, End::scheduler_ends},
         unnoticed_by_others},
        {Order::end_first,
         "the end, and then the success before the coroutine goes on, by time",
         {End::within, End::with_timeout, End::socket_timeout, End::scheduler_timeout},
         end_first_by_time},
        {Order::end_first,
         "the end, and then the success before the coroutine goes on, by others",
         {End::cancel, End::raise, End::close, End::scheduler_ends},
         end_first_by_others},
        {Order::same_instant,
         "the time is over in the instant in which somebody helps, by time",
         {End::within, End::with_timeout, End::socket_timeout, End::scheduler_timeout},
         same_instant_by_time},
        {Order::twice,
         "the end, and at once another: a cancellation, or an exception where it was one, by time",
         {End::within, End::with_timeout, End::socket_timeout, End::scheduler_timeout},
         twice_by_time},
        {Order::twice,
         "the end, and at once another: a cancellation, or an exception where it was one, by "
         "others",
         {End::cancel, End::raise, End::close, End::scheduler_ends},
         twice_by_others},
    };
    return tables;
}

const std::vector<Difference>& differences()
{
    static const std::vector<Difference> all = {
        {"[1]", "late", "value", "the success is there when the operation comes back"},
        {"[2]", "late", "value, cancelled", "the same; the cancellation comes at the next yield"},
        {"[3]", "late", "value, raised", "the same; the exception comes at the next yield"},
    };
    return all;
}

std::vector<std::string> cells_of(std::string_view line)
{
    std::vector<std::string> cells;
    for (;;) {
        const std::size_t start = line.find_first_not_of(' ');
        if (start == std::string_view::npos)
            return cells;
        line.remove_prefix(start);
        const std::size_t end = std::min(line.find("  "), line.size());
        cells.emplace_back(line.substr(0, end));
        line.remove_prefix(end);
    }
}

std::vector<std::string_view> lines_of(std::string_view text)
{
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        if (end > 0)
            lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::string word_on(std::string_view cell, std::string_view reactor)
{
    const std::size_t mark = cell.find(" [");
    if (mark == std::string_view::npos)
        return std::string(cell);
    for (const Difference& difference : differences())
        if (cell.substr(mark + 1) == difference.mark && reactor == difference.reactor)
            return std::string(difference.word);
    return std::string(cell.substr(0, mark));
}

}
