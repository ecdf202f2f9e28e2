// A descriptor that belongs to a library with callbacks, served by coroutines.
#pragma once

#include <cogen/cogen.hpp>

#include <cerrno>
#include <functional>
#include <new>
#include <utility>

/// Waits for the descriptor in the directions that its library wants, and has the library take a
/// step when it is ready: one coroutine for reading, one for writing. They are there only while
/// both the library wants that and somebody waits for what comes of it, and so do not keep run()
/// from returning. It ends before its scheduler, and not within a step.
class LibraryDescriptor {
public:
    struct Steps {
        std::function<void()> read;
        std::function<void()> write;
        std::function<void(cogen::error_code)> fail;  // the descriptor cannot be waited for
    };

    LibraryDescriptor(cogen::Scheduler& scheduler, cogen::Descriptor descriptor, Steps steps)
        : scheduler_(scheduler), descriptor_(descriptor), steps_(std::move(steps))
    {}
    ~LibraryDescriptor() { close(); }
    LibraryDescriptor(const LibraryDescriptor&) = delete;
    LibraryDescriptor& operator=(const LibraryDescriptor&) = delete;

    // [want]
    /// The library says what it wants. May be called by its callbacks.
    void want_read(bool wanted) { read_.wanted = wanted; }
    void want_write(bool wanted) { write_.wanted = wanted; }
    // [/want]

    /// Somebody waits for what comes of it.
    void start()
    {
        somebody_waits_ = true;
        serve();
    }

    // [stop]
    /// Nobody does any more.
    void stop()
    {
        somebody_waits_ = false;
        for (Direction* direction : {&read_, &write_})
            if (std::exchange(direction->served, false))
                scheduler_.cancel(direction->server);
    }

    /// The library is about to close it.
    void close()
    {
        stop();
        const cogen::Descriptor closed = std::exchange(descriptor_, cogen::Descriptor());
        if (closed.valid())
            scheduler_.reactor().forget(closed);
    }
    // [/stop]

private:
    struct Direction {
        bool wanted = false;     // by the library
        bool served = false;     // by a coroutine that has not been stopped
        cogen::Handle<> server;  // the last one
    };

    bool needs(const Direction& direction) const
    {
        return descriptor_.valid() && somebody_waits_ && direction.wanted;
    }

    /// Reading goes first: it finds out that a peer has gone before anything is written to it.
    void serve()
    {
        serve<cogen::WaitReadable>(read_, steps_.read);
        serve<cogen::WaitWritable>(write_, steps_.write);
    }

    template <class Wait>
    void serve(Direction& direction, const std::function<void()>& step)
    {
        if (direction.served || !needs(direction))
            return;
        // [server]
        const auto server = [this, &direction, &step](cogen::Yield& yield, cogen::Handle<> former) {
            const auto wait_for = [&yield](auto operation) {
                const auto outcome = yield(operation | cogen::as_tuple);
                yield.coroutine().throw_if_interrupted();  // stopped, and *this may be gone
                return std::get<0>(outcome);
            };
            if (former)
                wait_for(cogen::Join(former));  // the descriptor may still be watched for it
            while (needs(direction)) {
                if (const auto error = wait_for(Wait(descriptor_, cogen::Timeout::never())))
                    return steps_.fail(error);
                step();
                serve();  // the other direction may be wanted now
            }
            direction.served = false;
        };
        // [/server]
        try {
            direction.server = scheduler_.spawn(server, direction.server);
            direction.served = true;
        } catch (const cogen::system_error& error) {  // there is no stack to be had
            steps_.fail(error.code());
        } catch (const std::bad_alloc&) {
            steps_.fail(cogen::system_error_code(ENOMEM));
        }
    }

    cogen::Scheduler& scheduler_;
    cogen::Descriptor descriptor_;
    Steps steps_;
    bool somebody_waits_ = false;
    Direction read_;
    Direction write_;
};
