#include "tests/kqueue_model/source.hpp"

#include <cerrno>

#include <sys/syscall.h>
#include <unistd.h>

namespace kqueue_model {

std::unique_ptr<Source> make_source(const Event& change, const Place& place, int& error)
{
    switch (change.filter) {
    case Filter::read:
    case Filter::write:
        return make_descriptor_source(change, place, error);
    case Filter::vnode:
        return make_vnode_source(change, place, error);
    case Filter::process:
        return make_process_source(change, place, error);
    case Filter::signal:
        return make_signal_source(change, place, error);
    case Filter::user:
        return make_user_source();
    case Filter::unknown:
        break;
    }
    error = EINVAL;
    return nullptr;
}

int close_quietly(int number) { return static_cast<int>(::syscall(SYS_close, number)); }

namespace {

/// EVFILT_USER: holds what callers put into it.
class UserSource final : public Source {
public:
    bool holds(Event& report) override
    {
        report.fflags = fflags_;
        return triggered_;
    }

    void clear() override { triggered_ = false; }

    void change(const Event& change) override
    {
        const unsigned flags = change.fflags & NOTE_FFLAGSMASK;
        switch (change.fflags & NOTE_FFCTRLMASK) {
        case NOTE_FFAND:
            fflags_ &= flags;
            break;
        case NOTE_FFOR:
            fflags_ |= flags;
            break;
        case NOTE_FFCOPY:
            fflags_ = flags;
            break;
        }
        triggered_ |= (change.fflags & NOTE_TRIGGER) != 0;
    }

private:
    unsigned fflags_ = 0;
    bool triggered_ = false;
};

}

std::unique_ptr<Source> make_user_source() { return std::make_unique<UserSource>(); }

}
