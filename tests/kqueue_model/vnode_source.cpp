#include "tests/kqueue_model/source.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

namespace kqueue_model {
namespace {

/// EVFILT_VNODE, by inotify(7) on the open file.
class VnodeSource final : public Source {
public:
    VnodeSource(int number, const Quirks& quirks) : number_(number), quirks_(quirks)
    {
        const std::string path = "/proc/self/fd/" + std::to_string(number);
        ::inotify_add_watch(inotify_, path.c_str(),
                            IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF | IN_DELETE_SELF | IN_CREATE
                                | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO);
        size_ = status().st_size;
    }
    ~VnodeSource() override { close_quietly(inotify_); }

    int descriptor() const override { return inotify_; }
    void clear() override { happened_ = 0; }

    bool holds(Event& report) override
    {
        report.fflags = happened_;
        return happened_ != 0;
    }

    bool notice(const Event& wanted) override
    {
        alignas(inotify_event) std::array<char, 4096> buffer;
        const unsigned before = happened_;
        for (ssize_t size; (size = ::read(inotify_, buffer.data(), buffer.size())) > 0;)
            for (ssize_t at = 0; at < size;) {
                inotify_event event;
                std::memcpy(&event, buffer.data() + at, sizeof event);
                happened_ |= notes_of(event.mask) & wanted.fflags;
                at += static_cast<ssize_t>(sizeof event + event.len);
            }
        return happened_ != before;
    }

private:
    struct stat status() const
    {
        struct stat now {};
        ::fstat(number_, &now);
        return now;
    }

    unsigned notes_of(unsigned mask)
    {
        const struct stat now = status();
        unsigned notes = 0;
        if (mask & IN_MODIFY)
            notes |= NOTE_WRITE | (quirks_.tells_growth && now.st_size > size_ ? NOTE_EXTEND : 0);
        if ((mask & IN_DELETE_SELF) || (mask & IN_ATTRIB && now.st_nlink == 0))
            notes |= NOTE_DELETE | (quirks_.deletion_is_a_link ? NOTE_LINK : 0);
        else if (mask & IN_ATTRIB)
            notes |= NOTE_ATTRIB;
        if (mask & IN_MOVE_SELF)
            notes |= NOTE_RENAME;
        if (mask & (IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO))
            notes |= NOTE_WRITE;  // of a folder
        size_ = now.st_size;
        return notes;
    }

    int number_;
    const Quirks& quirks_;
    int inotify_ = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    off_t size_ = 0;
    unsigned happened_ = 0;
};

}

std::unique_ptr<Source> make_vnode_source(const Event& change, const Place& place, int& error)
{
    auto source = std::make_unique<VnodeSource>(static_cast<int>(change.ident), place.quirks);
    error = source->descriptor() < 0 ? errno : 0;
    return error == 0 ? std::move(source) : nullptr;
}

}
