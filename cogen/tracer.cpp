// SPDX-License-Identifier: MIT
#include "cogen/tracer.hpp"

#include "cogen/scheduler.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <string_view>

namespace cogen {
namespace {

constexpr std::size_t widest = 30;  // longer titles push their own line aside, not all others

std::string outcome(const Operation& operation)
{
    const error_code& error = operation.error();
    return operation.describe() + (error ? " failed: " + error.message() : " is complete");
}

/// Stays open for ever: a scheduler may end later than anything that would close it.
std::FILE* wished_stream()
{
    const char* const wish = std::getenv("COGEN_TRACE");
    const std::string_view word = wish ? wish : "";
    if (word.empty() || word == "0")
        return nullptr;
    if (word == "1")
        return stderr;
    std::FILE* const file = std::fopen(wish, "ae");  // children may be traced, too
    if (file)
        std::setvbuf(file, nullptr, _IOLBF, BUFSIZ);  // all is there when the program crashes
    else
        std::fprintf(stderr,
                     "cogen: there is no trace, since COGEN_TRACE=%s cannot be opened: %s\n", wish,
                     system_error_code(errno).message().c_str());
    return file;
}

}

void Tracer::spawned(const Coroutine& coroutine) noexcept
{
    line(&coroutine.record(), [&] {
        const CoroutineId parent = coroutine.cause().by();
        return (parent ? "is spawned by " + title_of(parent) : "is spawned from outside") + ", at "
               + to_string(coroutine.record().site());
    });
}

void Tracer::resumed(const Coroutine& coroutine) noexcept
{
    line(&coroutine.record(), [&] {
        const bool has_been_away = coroutine.state() != State::waiting;
        return has_been_away ? "runs" : "goes on at once: " + outcome(*coroutine.operation());
    });
}

void Tracer::yielded(const Coroutine& coroutine, const Operation& operation) noexcept
{
    line(&coroutine.record(),
         [&] { return "yields " + operation.describe() + ", at " + to_string(operation.site()); });
}

void Tracer::woken(const Coroutine& coroutine, const Operation& operation) noexcept
{
    line(&coroutine.record(),
         [&] { return "is woken: " + outcome(operation) + "; " + by(coroutine); });
}

void Tracer::ended(const Record& record) noexcept
{
    line(&record, [&]() -> std::string {
        if (record.failure())
            return "fails: " + message_of(record.failure());
        return record.cancelled() ? "ends cancelled" : "ends";
    });
}

void Tracer::before_wait(Patience patience) noexcept
{
    line(nullptr, [&]() -> std::string {
        wait_began_ = scheduler_.now();
        looks_only_ = patience == Duration::zero();
        if (looks_only_)
            return "the reactor looks, and does not wait";
        return "the reactor waits, "
               + (patience ? "at most " + to_string(*patience) : "until something happens");
    });
}

void Tracer::after_wait() noexcept
{
    line(nullptr, [&] {
        return looks_only_ ? "it has looked"
                           : "it has waited " + to_string(scheduler_.now() - wait_began_);
    });
}

void Tracer::attempted(const IoOperation& operation, ssize_t answer) noexcept
{
    line(nullptr, [&] {
        const std::string told = answer == -EAGAIN ? "not yet"
                                 : answer < 0
                                     ? system_error_code(static_cast<int>(-answer)).message()
                                     : std::to_string(answer);
        return operation.describe() + " is tried: " + told;
    });
}

std::string Tracer::by(const Coroutine& woken) const
{
    const Cause& cause = woken.cause();
    switch (cause.kind()) {
    case Cause::Kind::spawned:
    case Cause::Kind::coroutine:
        return "by " + (cause.by() == woken.id() ? "itself" : title_of(cause.by()));
    case Cause::Kind::reactor:
        return "by the reactor";
    case Cause::Kind::timer:
        return "by a timer";
    case Cause::Kind::scheduler:
        return "by the scheduler";
    case Cause::Kind::outside:
        break;
    }
    return "from outside";
}

/// Of somebody who does something, and so is the one who runs.
std::string Tracer::title_of(CoroutineId id) const
{
    const Coroutine* const current = scheduler_.current();
    return current && current->id() == id ? current->record().title() : '#' + std::to_string(id);
}

/// A sentence about somebody, or about nobody in particular.
template <class Sentence>
void Tracer::line(const Record* who, Sentence sentence) noexcept
{
    try {
        write(who ? who->title() : "", sentence());
    } catch (...) {
        ++lost_;  // to tell is worth no program's life
    }
}

void Tracer::write(const std::string& who, const std::string& what)
{
    width_ = std::max(width_, std::min(who.size(), widest));
    const std::chrono::duration<double, std::milli> time = scheduler_.now() - start_;
    char when[64];
    std::snprintf(when, sizeof when, "turn %-3llu%9.3f ms  ",
                  static_cast<unsigned long long>(scheduler_.turn()), time.count());
    std::string text = when + who;
    if (who.size() < width_)
        text.append(width_ - who.size(), ' ');
    text += "  " + what;
    const auto rules_the_terminal = [](unsigned char c) { return c < ' ' || c == 0x7f; };
    std::replace_if(text.begin(), text.end(), rules_the_terminal, ' ');  // in names and messages
    text += '\n';
    if (std::fwrite(text.data(), 1, text.size(), out_) != text.size())
        ++lost_;
}

Tracer::Tracer(Scheduler& scheduler, std::FILE* out)
    : scheduler_(scheduler), out_(out), start_(scheduler.now())
{
    scheduler_.attach(*this);
}

Tracer::~Tracer()
{
    scheduler_.detach(*this);
    if (lost_ > 0)
        std::fprintf(stderr, "cogen: lines lost from the trace: %llu\n",
                     static_cast<unsigned long long>(lost_));
}

std::unique_ptr<Tracer> Tracer::if_wished(Scheduler& scheduler)
{
    static std::FILE* const out = wished_stream();
    return out ? std::make_unique<Tracer>(scheduler, out) : nullptr;
}

}
