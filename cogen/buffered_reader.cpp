// SPDX-License-Identifier: MIT
#include "cogen/buffered_reader.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace cogen {

/// Where the next bytes go: all that is free, in one piece.
MutableBuffer BufferedReader::room()
{
    if (begin_ > 0)
        std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
    end_ -= std::exchange(begin_, 0);
    return {buffer_.get() + end_, limit_ - end_};
}

BufferedRead::BufferedRead(BufferedReader& reader)
    : IoOperation(reader.stream_.descriptor(), Interest::read), reader_(reader)
{
    limit_to(reader.stream_.timeout());
}

BufferedRead::~BufferedRead() { release(); }

void BufferedRead::release()
{
    if (reader_.user_ == this)
        reader_.user_ = nullptr;
}

Coroutine* BufferedRead::start(Scheduler& scheduler)
{
    const BufferedRead* const user = std::exchange(reader_.user_, this);
    if (user && user != this && !user->error()) {
        reader_.user_ = user;
        return complete_now(errc::simultaneous);
    }
    searched_ = found_ = 0;
    if (look())
        return complete_now(error());
    return IoOperation::start(scheduler);
}

/// Whether it is done: what is asked for is there, or there is no room for it.
bool BufferedRead::look()
{
    if (const auto found = find(reader_.buffered(), searched_)) {
        found_ = *found;
        return true;
    }
    searched_ = so_far();
    const std::size_t room = reader_.limit() - searched_;
    if (room == 0 || least() > reader_.limit()) {
        set_error(errc::too_long);
        return true;
    }
    if (reader_.stream_.kind() == StreamKind::tcp)
        want(room);
    return false;
}

ssize_t BufferedRead::attempt(Kernel& kernel) noexcept
{
    return reader_.stream_.kind() == StreamKind::file ? kernel.read(descriptor(), reader_.room())
                                                      : kernel.recv(descriptor(), reader_.room());
}

bool BufferedRead::prepare(Submission& submission) noexcept
{
    return reader_.stream_.kind() != StreamKind::file
           && submission.recv(descriptor(), reader_.room());
}

bool BufferedRead::advance(ssize_t answer) noexcept
{
    if (answer < 0)
        return failed(answer);
    if (answer == 0) {
        if (so_far() > 0 || !may_end())
            set_error(errc::end_of_stream);
        return true;
    }
    reader_.end_ += static_cast<std::size_t>(answer);
    if (look())
        return true;
    progressed();
    return false;
}

std::string_view BufferedRead::take()
{
    release();
    if (error() == errc::end_of_stream)
        throw EndOfStream(error(), describe(), so_far());
    throw_if_failed();
    const std::string_view taken = reader_.buffered().substr(0, found_);
    reader_.discard(std::exchange(found_, 0));
    return taken;
}

std::size_t BufferedRead::so_far() const { return reader_.buffered().size(); }

std::string BufferedRead::describe_so_far(const char* name) const
{
    return describe_as(name, std::to_string(so_far()) + " of at most "
                                 + std::to_string(reader_.limit()) + " bytes");
}

ReadUntil::ReadUntil(BufferedReader& reader, std::string_view delimiter)
    : BufferedRead(reader), delimiter_(delimiter)
{
    if (delimiter.empty())
        throw std::invalid_argument("ReadUntil: the delimiter is empty");
}

std::string_view ReadUntil::result()
{
    std::string_view answer = take();
    answer.remove_suffix(delimiter_.size());
    return answer;
}

/// The delimiter may have begun in what has been searched.
std::optional<std::size_t> ReadUntil::find(std::string_view bytes, std::size_t searched)
{
    const std::size_t place =
        bytes.find(delimiter_, searched - std::min(searched, delimiter_.size()));
    return place == std::string_view::npos ? std::nullopt
                                           : std::optional(place + delimiter_.size());
}

std::optional<std::string_view> ReadLine::result()
{
    std::string_view answer = take();
    if (answer.empty())
        return std::nullopt;
    answer.remove_suffix(answer.ends_with("\r\n") ? 2 : 1);
    return answer;
}

std::optional<std::size_t> ReadLine::find(std::string_view bytes, std::size_t searched)
{
    const std::size_t place = bytes.find('\n', searched);
    return place == std::string_view::npos ? std::nullopt : std::optional(place + 1);
}

std::string_view ReadCount::result() { return take(); }

std::optional<std::size_t> ReadCount::find(std::string_view bytes, std::size_t)
{
    return bytes.size() < count_ ? std::nullopt : std::optional(count_);
}

std::string ReadCount::describe() const
{
    return describe_as("ReadCount",
                       std::to_string(so_far()) + " of " + std::to_string(count_) + " bytes");
}

}
