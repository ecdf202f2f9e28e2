#include "tests/support/examples.hpp"

#include "reactors/reactor.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include <unistd.h>

namespace {

/// A trace without its times, which are others each time.
std::string timeless(const std::string& trace)
{
    return std::regex_replace(trace, std::regex(" +[0-9]+[.][0-9]{3} ms"), "");
}

const std::string hello_says = "Alice says hello 1\nBob says hello 1\n"
                               "Alice says hello 2\nBob says hello 2\n"
                               "Alice says hello 3\nBob says hello 3\n"
                               "2 finished, 0 failed, 0 stuck\n";

const std::string hello_trace =
    R"(turn 0  #1          is spawned from outside, at examples/hello.cpp:19
turn 0  #2          is spawned from outside, at examples/hello.cpp:20
turn 1  #1          runs
turn 1  #1          yields Pass(), at examples/hello.cpp:12
turn 1  #1          is woken: Pass() is complete; by itself
turn 1  #2          runs
turn 1  #2          yields Pass(), at examples/hello.cpp:12
turn 1  #2          is woken: Pass() is complete; by itself
turn 1  #1          runs
turn 1  #1          yields Pass(), at examples/hello.cpp:12
turn 1  #1          is woken: Pass() is complete; by itself
turn 1  #2          runs
turn 1  #2          yields Pass(), at examples/hello.cpp:12
turn 1  #2          is woken: Pass() is complete; by itself
turn 1  #1          runs
turn 1  #1          yields Pass(), at examples/hello.cpp:12
turn 1  #1          is woken: Pass() is complete; by itself
turn 1  #2          runs
turn 1  #2          yields Pass(), at examples/hello.cpp:12
turn 1  #2          is woken: Pass() is complete; by itself
turn 1  #1          runs
turn 1  #1          ends
turn 1  #2          runs
turn 1  #2          ends
)";

}

TEST_CASE("hello: two coroutines take turns", "[examples]")
{
    Process hello({example("hello")}, {reactor_variable()});
    CHECK(hello.rest() == hello_says);
    CHECK(hello.exit_code() == 0);
}

TEST_CASE("hello: COGEN_TRACE=1 traces it on stderr", "[examples][trace]")
{
    Process hello({"/bin/sh", "-c", "exec \"$0\" 2>&1 >/dev/null", example("hello")},
                  {reactor_variable(), "COGEN_TRACE=1"});
    CHECK(timeless(hello.rest()) == hello_trace);
    CHECK(hello.exit_code() == 0);
}

TEST_CASE("hello: COGEN_TRACE may name a file, to whose end it writes", "[examples][trace]")
{
    const std::filesystem::path file =
        std::filesystem::temp_directory_path() / ("cogen-trace-" + std::to_string(::getpid()));
    std::ofstream(file) << "an older trace\n";
    Process hello({example("hello")}, {"COGEN_TRACE=" + file.string()});
    CHECK(hello.rest() == hello_says);
    CHECK(hello.exit_code() == 0);
    std::ostringstream trace;
    trace << std::ifstream(file).rdbuf();
    std::filesystem::remove(file);
    CHECK(timeless(trace.str()) == "an older trace\n" + hello_trace);
}

TEST_CASE("hello: with a trace that cannot be, or is not wished for, it runs without",
          "[examples][trace]")
{
    const std::string complaint =
        "cogen: there is no trace, since COGEN_TRACE=/no/such/folder/trace cannot be opened: "
        "No such file or directory\n";
    const auto [wish, says] = GENERATE_REF(table<std::string, std::string>(
        {{"", ""}, {"0", ""}, {"/no/such/folder/trace", complaint}}));
    Process hello({"/bin/sh", "-c", "exec \"$0\" 2>&1", example("hello")}, {"COGEN_TRACE=" + wish});
    CHECK(hello.rest() == says + hello_says);
    CHECK(hello.exit_code() == 0);
}

TEST_CASE("call: a coroutine gets what the called one returns or throws", "[examples]")
{
    Process call({example("call")}, {reactor_variable()});
    CHECK(call.rest() == "foo\nbar\nspam, ham and eggs\nthe called one failed: no eggs today\n");
    CHECK(call.exit_code() == 0);
}

TEST_CASE("signals: three words arrive, and a fourth does not come in time", "[examples]")
{
    Process signals({example("signals")}, {reactor_variable()});
    CHECK(signals.rest() == "spam\nham\neggs\nno more\n");
    CHECK(signals.exit_code() == 0);
}

TEST_CASE("producer_consumer: who finds the table full waits, and so who finds it empty",
          "[examples]")
{
    Process table({example("producer_consumer")}, {reactor_variable()});
    CHECK(table.rest()
          == "spam 1 is on the table\neggs 1 is on the table\n    spam 1 is eaten\n"
             "spam 2 is on the table\neggs 2 is on the table\n    eggs 1 is eaten\n"
             "spam 3 is on the table\n    spam 2 is eaten\n"
             "eggs 3 is on the table\n    eggs 2 is eaten\n"
             "spam 4 is on the table\n    spam 3 is eaten\n"
             "eggs 4 is on the table\n    eggs 3 is eaten\n"
             "    spam 4 is eaten\n    eggs 4 is eaten\n3 finished, 0 failed, 0 stuck\n");
    CHECK(table.exit_code() == 0);
}

TEST_CASE("sleepers: a thousand sleep at once", "[examples]")
{
    Process sleepers({example("sleepers")}, {reactor_variable()});
    CHECK_THAT(sleepers.rest(),
               Catch::Matches("1000 sleepers have slept 500[.]5 s in [0-9]+[.][0-9] s, "
                              "with -?[0-9]+[.][0-9] KiB of memory each\n"));
    CHECK(sleepers.exit_code() == 0);
}

TEST_CASE("fetch and page_server: a page is asked for, and comes", "[examples]")
{
    const std::string reactor = reactor_variable();
    Process server({example("page_server"), "127.0.0.1:0"}, {reactor});
    const std::string address = address_of(server);
    for (const std::string path : {"/", "/spam"}) {
        const std::string page = "You asked: GET " + path + " HTTP/1.0\n";
        Process fetch({example("fetch"), address, path}, {reactor});
        CHECK(fetch.rest()
              == "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: "
                     + std::to_string(page.size()) + "\r\n\r\n" + page);
        CHECK(fetch.exit_code() == 0);
    }
}

TEST_CASE("fetch: without a server it fails, and prints nothing", "[examples]")
{
    Process fetch({example("fetch"), "127.0.0.1:1"}, {reactor_variable()});
    CHECK(fetch.rest().empty());
    CHECK(fetch.exit_code() == 1);
}

TEST_CASE("01_first_coroutine: two countdowns at once", "[examples][tutorial]")
{
    Process first({example("tutorial/01_first_coroutine")}, {reactor_variable()});
    CHECK(first.rest()
          == "Ariane 3\nSoyuz 2\nAriane 2\nSoyuz 1\nAriane 1\nSoyuz lifts off\n"
             "Ariane lifts off\n2 finished, 0 failed, 0 stuck\n");
    CHECK(first.exit_code() == 0);
}

TEST_CASE("02_signals: those who wait hear it, and are counted", "[examples][tutorial]")
{
    Process signals({example("tutorial/02_signals")}, {reactor_variable()});
    CHECK(signals.rest()
          == "Ariane waits\nSoyuz waits\nAriane hears: lift off\nSoyuz hears: lift off\n"
             "control: 2 heard that\ncontrol: 0 heard that\n3 finished, 0 failed, 0 stuck\n");
    CHECK(signals.exit_code() == 0);
}

TEST_CASE("02_topics: a topic has one type, and who waits for ever is reported",
          "[examples][tutorial]")
{
    Process topics({example("tutorial/02_topics")}, {reactor_variable()});
    const std::string file = "examples/tutorial/02_topics.cpp";
    CHECK(topics.rest()
          == "WaitForSignal(\"wind\"): its values are of type void, and those of who is there "
             "already of type int\n"
             "wind: 12\nwind: 31, too strong\nwind: 8\n"
             "3 finished, 0 failed, 1 stuck\n"
             "  #1 watch, spawned at "
                 + file + ":38, waits since turn 1 for WaitForSignal(\"wind\"), yielded at " + file
                 + ":13\n");
    CHECK(topics.exit_code() == 0);
}

TEST_CASE("02_recipients: a signal waits for those who are to hear it", "[examples][tutorial]")
{
    Process recipients({example("tutorial/02_recipients")}, {reactor_variable()});
    CHECK(recipients.rest()
          == "control: 0 heard that\nSoyuz is ready\nAriane is ready\n"
             "Soyuz lifts off\nAriane lifts off\ncontrol: 2 heard that\n"
             "3 finished, 0 failed, 0 stuck\n");
    CHECK(recipients.exit_code() == 0);
}

TEST_CASE("02_who_goes_first: who does not let the others go first is not heard",
          "[examples][tutorial]")
{
    Process first({example("tutorial/02_who_goes_first")}, {reactor_variable()});
    CHECK(first.rest()
          == "last:\n  heard 3\n  said 3\n  heard 2\n  said 2\n  heard 1\n  said 1\n"
             "coro:\n  said 3\n  said 2\n  said 1\n  heard 3\n");
    CHECK(first.exit_code() == 0);
}

TEST_CASE("03_time: each limit is told as the tutorial says", "[examples][tutorial]")
{
    Process time({example("tutorial/03_time")}, {reactor_variable()});
    const std::regex number(" \\[cogen:1\\]");  // of the error; Boost 1.74 does not print it
    CHECK(std::regex_replace(time.rest(), number, "")
          == "WaitForSignal(\"lift off\") | within(50ms): timed out\n"
             "no number, so it is 0\n"
             "a part has gone out\n"
             "stage 1\nstage 2\nstage 3\nout of fuel\n");
    CHECK(time.exit_code() == 0);
}

TEST_CASE("03_cancelling: who is cancelled may clean up in a shield", "[examples][tutorial]")
{
    Process cancelling({example("tutorial/03_cancelling")}, {reactor_variable()});
    CHECK(cancelling.rest()
          == "rocket: burns\ncontrol: has asked\nrocket: is cancelled\n"
             "rocket: has let off its fuel\ncontrol: cancelled\n2 finished, 0 failed, 0 stuck\n");
    CHECK(cancelling.exit_code() == 0);
}

TEST_CASE("03_cancelling: its trace tells who has asked whom",
          "[examples][tutorial][trace][undisturbed]")
{
    Process cancelling(
        {"/bin/sh", "-c", "exec \"$0\" 2>&1 >/dev/null", example("tutorial/03_cancelling")},
        {reactor_variable(), "COGEN_TRACE=1"});
    const std::string at = ", at examples/tutorial/03_cancelling.cpp:";
    const std::string trace = timeless(cancelling.rest());
    const std::string asked =
        "turn 2  #1          runs\n"
        "turn 2  #2          is woken: Sleep(3600s) failed: cancelled; by #1\n"
        "turn 2  #1          yields Join(#2) | as_tuple"
        + at + "32\n"
        + "turn 2  #2          runs\n"
          "turn 2  #2          yields Sleep(20ms)"
        + at + "17\n";
    const std::string ended =
        "turn 3  #2          ends cancelled\n"
        "turn 3  #1          is woken: Join(#2) | as_tuple is complete; by #2\n";
    CHECK_THAT(trace, Catch::Contains(asked) && Catch::Contains(ended));
    CHECK(cancelling.exit_code() == 0);
}

TEST_CASE("words: each does what the reference says", "[examples][reference]")
{
    Process words({example("reference/words")}, {reactor_variable()});
    CHECK_THAT(words.rest(), Catch::StartsWith("spam 21\n3\n90\n14 16 127.0.0.1:80\n4 3 1\n"
                                               "too late\n0 bytes\n4 bytes\n#")
                                 && Catch::Contains(": out of ham\n")
                                 && Catch::Contains("2 finished, 1 failed, 0 stuck\n"));
    CHECK(words.exit_code() == 0);
}

TEST_CASE("scheduler: each word does what the reference says", "[undisturbed][examples][reference]")
{
    Process words({example("reference/scheduler")}, {reactor_variable()});
    std::string reactors;
    for (const cogen::ReactorInfo& info : cogen::available_reactors())
        reactors +=
            std::string(info.name) + ": " + (info.why_not.empty() ? "here" : info.why_not) + '\n';
    CHECK(words.rest()
          == reactors
                 + "hello Alice\n11 1 finished, 0 failed, 0 stuck\n311\n42\nit rings\n"
                   "1 finished, 0 failed, 0 stuck\n");
    CHECK(words.exit_code() == 0);
}

TEST_CASE("barrier_test: an operation of one's own keeps its contract", "[examples][how-to]")
{
    Process test({example("how-to/barrier_test")}, {reactor_variable()});
    CHECK(test.rest()
          == "so it is: all go on when the last has arrived\n"
             "so it is: one of them was the last\n"
             "so it is: its time may run out\n"
             "so it is: that takes as long as it was given\n"
             "so it is: it may be cancelled\n"
             "so it is: neither of them is counted\n"
             "so it is: a report says who is awaited\n"
             "so it is: who is cancelled when all have arrived has arrived\n"
             "so it is: and hears of it at the next yield\n");
    CHECK(test.exit_code() == 0);
}

TEST_CASE("take_count: nothing that another thread counts is lost", "[examples][how-to]")
{
    Process take({example("how-to/take_count")}, {reactor_variable()});
    CHECK(take.rest() == "7000\n");
    CHECK(take.exit_code() == 0);
}

TEST_CASE("greeter_test: a server is tested in memory", "[examples][how-to]")
{
    Process test({example("how-to/greeter_test")}, {reactor_variable()});
    CHECK(test.rest()
          == "so it is: a name may come in pieces\n"
             "so it is: and nothing fails\n"
             "so it is: who is silent is sent away\n"
             "so it is: after half a minute, to the nanosecond\n"
             "so it is: and so is who says a byte now and then\n"
             "so it is: who closes in the middle of a line is a failure\n"
             "so it is: and the next is served as ever\n");
    CHECK(test.exit_code() == 0);
}

TEST_CASE("logging: a reactor of one's own says what it is asked to do", "[examples][how-to]")
{
    Process logging({example("how-to/logging")});
    const std::regex number("fd [0-9]+");
    CHECK(std::regex_replace(logging.rest(), number, "fd N")
          == "Write(fd N, 4 of 4 bytes) is done at once\n"
             "Read(fd N, 16 bytes) is done at once\n"
             "Read(fd N, 16 bytes) has to wait\n"
             "waited up to 20ms, in vain\n"
             "Read(fd N, 16 bytes) is to end: timed out\n"
             "fd N is to be closed\nfd N is to be closed\n");
    CHECK(logging.exit_code() == 0);
}

TEST_CASE("with_asio: coroutines of both kinds talk to each other in one thread",
          "[examples][how-to][asio]")
{
    Process both({example("how-to/with_asio")});
    const std::string told = both.rest();
    CHECK_THAT(told, Catch::Contains("spam\n") && Catch::Contains("eggs\n")
                         && Catch::EndsWith("4 finished, 0 failed, 0 stuck\n"));
    CHECK(both.exit_code() == 0);
}

TEST_CASE("handle_errors: each error goes the way that is told", "[examples][how-to]")
{
    Process errors({"/bin/sh", "-c", "exec \"$0\" 2>/dev/null", example("how-to/handle_errors")},
                   {reactor_variable()});
    const std::string told = errors.rest();
    CHECK_THAT(told, Catch::StartsWith("nothing yet\n"
                                       "a part has gone out: timed out\n"
                                       "a silent one: timed out\n"
                                       "the caller gets it\n"
                                       "the joiner gets it\n"
                                       "still there\n"
                                       "it was cancelled\n"
                                       "once more in 1ms\n"
                                       "once more in 2ms\n"
                                       "once more in 4ms\n"
                                       "6 finished, 4 failed, 0 stuck\n")
                         && Catch::Contains("127.0.0.1:1): Connection refused"));
    CHECK(errors.exit_code() == 1);
}

TEST_CASE("handle_errors: the handler logs who, where and why, and how bad it is",
          "[examples][how-to]")
{
    Process errors(
        {"/bin/sh", "-c", "exec \"$0\" 2>&1 >/dev/null", example("how-to/handle_errors")},
        {reactor_variable()});
    const std::string logged = errors.rest();
    CHECK_THAT(logged, Catch::StartsWith("bug: #4, spawned at examples/how-to/handle_errors.cpp:")
                           && Catch::Contains("\nsystem: #1 all, spawned at ")
                           && Catch::Contains("127.0.0.1:1): Connection refused"));
    CHECK(std::count(logged.begin(), logged.end(), '\n') == 2);
    CHECK(errors.exit_code() == 1);
}

TEST_CASE("echo_server and echo_client: what is sent comes back, on fifty connections",
          "[examples]")
{
    const std::string reactor = reactor_variable();
    Process server({example("echo_server"), "127.0.0.1:0"}, {reactor});
    const std::string address = address_of(server);
    for (int visit = 0; visit < 2; ++visit) {
        Process client({example("echo_client"), address, "50", "20"}, {reactor});
        CHECK(client.rest() == "50 finished, 0 failed, 0 stuck\n");
        CHECK(client.exit_code() == 0);
    }
}

TEST_CASE("talk: what is typed comes back from an echo server", "[examples]")
{
    const std::string reactor = reactor_variable();
    Process server({example("echo_server"), "127.0.0.1:0"}, {reactor});
    Process talk({example("talk"), address_of(server)}, {reactor});
    talk.type("spam\n");
    CHECK(talk.line() == "spam");
    talk.type("eggs\nham\n");
    talk.end_input();
    CHECK(talk.rest() == "eggs\nham\n");
    CHECK(talk.exit_code() == 0);
}

TEST_CASE("ask: a question that gets lost is asked again", "[examples]")
{
    Process ask({example("ask")}, {reactor_variable()});
    CHECK(ask.rest()
          == "6 times 7, the 1. time: timed out\n6 times 7? 42\n"
             "7 times 6, the 1. time: timed out\n7 times 6? 42\n");
    CHECK(ask.exit_code() == 0);
}

TEST_CASE("echo_client: without a server it fails, and says why", "[examples]")
{
    Process client({example("echo_client"), "127.0.0.1:1", "2", "1"}, {reactor_variable()});
    const std::string told = client.rest();
    CHECK_THAT(told, Catch::StartsWith("2 finished, 2 failed, 0 stuck\n")
                         && Catch::Contains("  #1, spawned at examples/echo_client.cpp:")
                         && Catch::Contains("  #2, spawned at examples/echo_client.cpp:")
                         && Catch::Contains("127.0.0.1:1): Connection refused"));
    CHECK(client.exit_code() == 1);
}
