// SPDX-License-Identifier: MIT
#pragma once

#include "cogen/descriptor_stream.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cogen {

class BufferedReader;

/// Reads into a reader's buffer until what is asked for is there, and then takes it out: the base
/// of the operations below, which say what that is.
///
/// It reads as much as comes, so that a line costs no system call when it has come with the one
/// before. Ended early, or failed, it takes nothing out: all that has come is there for the next.
class BufferedRead : public IoOperation {
public:
    ssize_t attempt(Kernel& kernel) noexcept final;
    bool prepare(Submission& submission) noexcept final;
    bool advance(ssize_t answer) noexcept final;

protected:
    explicit BufferedRead(BufferedReader& reader);
    BufferedRead(const BufferedRead&) = default;
    BufferedRead& operator=(const BufferedRead&) = delete;
    ~BufferedRead();

    /// How many of the bytes that have come are the answer, if they are enough for it. The first
    /// `searched` were not.
    virtual std::optional<std::size_t> find(std::string_view bytes, std::size_t searched) = 0;

    /// As many bytes as it cannot do without.
    virtual std::size_t least() const { return 0; }

    /// Whether it is an answer that the stream has ended, and nothing is left.
    virtual bool may_end() const { return false; }

    /// Takes these bytes out. They stay where they are until the reader is asked for others.
    std::string_view take();

    /// How many have come so far, and could not be taken.
    std::size_t so_far() const;

    /// "ReadLine(fd 7, 20 of at most 1000 bytes)"
    std::string describe_so_far(const char* name) const;

private:
    Coroutine* start(Scheduler& scheduler) override;
    bool look();
    void release();

    BufferedReader& reader_;
    std::size_t searched_ = 0;
    std::size_t found_ = 0;
};

/// Answers with what comes before a delimiter, which is taken, too. Where the stream ends first, it
/// throws EndOfStream; where the buffer is full first, it fails with errc::too_long. An empty
/// delimiter is a std::invalid_argument.
class [[nodiscard]] ReadUntil final : public BufferedRead {
public:
    ReadUntil(BufferedReader& reader, std::string_view delimiter);

    std::string_view result();
    std::string describe() const override { return describe_so_far("ReadUntil"); }

private:
    std::optional<std::size_t> find(std::string_view bytes, std::size_t searched) override;

    std::string delimiter_;
};

/// Answers with the next line, without the "\n" or "\r\n" at its end, or with none at the end of
/// the stream: `while (auto line = yield(reader.read_line()))`. Where the stream ends within a
/// line, it throws EndOfStream; where the buffer is full first, it fails with errc::too_long.
class [[nodiscard]] ReadLine final : public BufferedRead {
public:
    explicit ReadLine(BufferedReader& reader) : BufferedRead(reader) {}

    std::optional<std::string_view> result();
    std::string describe() const override { return describe_so_far("ReadLine"); }

private:
    std::optional<std::size_t> find(std::string_view bytes, std::size_t searched) override;
    bool may_end() const override { return true; }
};

/// Answers with the next `count` bytes. Where the stream ends first, it throws EndOfStream; more
/// than the buffer holds are errc::too_long, and that at once.
class [[nodiscard]] ReadCount final : public BufferedRead {
public:
    ReadCount(BufferedReader& reader, std::size_t count) : BufferedRead(reader), count_(count) {}

    std::string_view result();
    std::string describe() const override;

private:
    std::optional<std::size_t> find(std::string_view bytes, std::size_t searched) override;
    std::size_t least() const override { return count_; }

    std::size_t count_;
};

/// Reads lines, and what else has an end that must be looked for, from a socket or a file: bytes
/// that come with others wait in a buffer of fixed size, which bounds what a peer can make us keep.
///
/// What it answers with lies in its buffer, and is good until the next operation on it starts. The
/// stream must outlive it, and nobody else may read from it. One coroutine at a time may use it;
/// a second gets SimultaneousError.
class BufferedReader {
public:
    /// `limit`: the size of the buffer, and so of the longest line with its end.
    explicit BufferedReader(const DescriptorStream& stream, std::size_t limit = 16 * 1024)
        : stream_(stream), limit_(limit), buffer_(std::make_unique_for_overwrite<char[]>(limit))
    {}

    explicit BufferedReader(const DescriptorStream&&,
                            std::size_t = 0) = delete;  // it would not outlive us
    BufferedReader(const BufferedReader&) = delete;
    BufferedReader& operator=(const BufferedReader&) = delete;

    /// The next line, without its end; none at the end of the stream.
    ReadLine read_line() { return ReadLine(*this); }

    /// What comes before the delimiter, which is taken, too.
    ReadUntil read_until(std::string_view delimiter) { return {*this, delimiter}; }

    /// So many bytes.
    ReadCount read_exactly(std::size_t count) { return {*this, count}; }

    /// What has come and not been taken: the beginning of what could not be read, for one.
    std::string_view buffered() const { return {buffer_.get() + begin_, end_ - begin_}; }

    /// Takes so many of these bytes, or all. Not while somebody waits for more.
    void discard(std::size_t count) { begin_ += std::min(count, end_ - begin_); }

    std::size_t limit() const { return limit_; }

private:
    friend class BufferedRead;

    MutableBuffer room();

    const DescriptorStream& stream_;
    std::size_t limit_;
    std::unique_ptr<char[]> buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    const BufferedRead* user_ = nullptr;  // the last; it is done when it has failed or taken
};

}
