#include "tests/support/matrix_rows.hpp"
#include "tests/support/matrix_sockets.hpp"

#include <cstdio>

#include <unistd.h>

using namespace cogen;

namespace matrix {
namespace {

/// "spam\n" is what it waits for; a part of that has come before. The bystander writes to the same
/// socket.
template <class Self>
class ReadsSpam : public OnSockets<Self> {
public:
    using OnSockets<Self>::OnSockets;
    static constexpr bool shares_descriptor = true;

    void prepare(Yield&) override
    {
        std::tie(here_, there_) = socket_pair(this->scheduler());
        large_ = this->stage().more_than_fits(here_.descriptor(), there_.descriptor());
    }
    void succeed() override
    {
        sent_ += "spam\n";
        this->stage().send(there_.descriptor(), "spam\n");
    }
    void bystand(Yield& yield) override { yield(here_.write(large_)); }
    void help_bystander() override { this->stage().drain(there_.descriptor()); }
    void account() override
    {
        if (here_)
            this->expect(received_ + this->stage().drain(here_.descriptor()) == sent_,
                         "bytes were lost");
    }
    void again(Yield& yield) override
    {
        received_.clear();
        sent_.clear();
        if (!here_)
            prepare(yield);
        const auto other = yield(Spawn([this](Yield& y) {
            auto operation = static_cast<Self&>(*this).make();
            if constexpr (std::is_void_v<decltype(operation.result())>)
                y(operation);
            else
                static_cast<Self&>(*this).got(y(operation));
        }));
        succeed();
        yield(Join(other));
    }

protected:
    using OnSockets<Self>::here_;
    using OnSockets<Self>::there_;
    std::string large_;
    std::string sent_;
    std::string received_;
};

struct ReadsExactly final : ReadsSpam<ReadsExactly> {
    using ReadsSpam::ReadsSpam;

    ReadExactly make() { return here_.read_exactly(buffer_); }
    void got(std::size_t count) { received_.append(buffer_.data(), count); }
    void ended(const ReadExactly& read)
    {
        if (!got_value())
            received_.append(buffer_.data(), read.so_far());
    }

private:
    std::array<char, 5> buffer_{};
};

struct ReadsVectored final : ReadsSpam<ReadsVectored> {
    using ReadsSpam::ReadsSpam;

    Readv make() { return here_.readv(buffers_); }
    void got(std::size_t count) { received_.append(buffer_.data(), count); }

private:
    std::array<char, 64> buffer_{};
    std::array<MutableBuffer, 2> buffers_{MutableBuffer(buffer_.data(), 2),
                                          MutableBuffer(buffer_.data() + 2, 62)};
};

/// A part of a line stays in the reader when it is ended.
struct ReadsLine final : ReadsSpam<ReadsLine> {
    using ReadsSpam::ReadsSpam;

    ReadLine make()
    {
        if (!reader_)
            reader_.emplace(here_);
        return reader_->read_line();
    }
    void got(std::optional<std::string_view> line) { received_ += std::string(*line) + '\n'; }
    void account() override
    {
        if (reader_)
            received_ += reader_->buffered();
        ReadsSpam::account();
        reader_.reset();
    }

private:
    std::optional<BufferedReader> reader_;
};

/// What is there stays there.
struct WaitsReadable final : ReadsSpam<WaitsReadable> {
    using ReadsSpam::ReadsSpam;

    WaitReadable make() { return WaitReadable(here_.descriptor(), here_.timeout()); }
};

/// It waits for room: for `large_`, of which a part fits, or after fill() for anything. The
/// bystander reads from the same socket.
template <class Self>
class WaitsForRoom : public OnSockets<Self> {
public:
    using OnSockets<Self>::OnSockets;
    static constexpr bool shares_descriptor = true;

    void prepare(Yield&) override
    {
        std::tie(here_, there_) = socket_pair(this->scheduler());
        large_ = this->stage().more_than_fits(here_.descriptor(), there_.descriptor());
    }
    void fill()
    {
        while (const std::size_t count = this->stage().send(here_.descriptor(), "........"))
            filled_ += count;
    }
    void succeed() override { arrived_ += this->stage().drain(there_.descriptor()); }
    void bystand(Yield& yield) override
    {
        std::array<char, 8> buffer;
        this->expect(yield(here_.read(buffer)) == 3, "the bystander read something else");
    }
    void help_bystander() override
    {
        if (here_)
            this->stage().send(there_.descriptor(), "ham");
    }
    void account() override
    {
        arrived_ += this->stage().drain(there_.descriptor());
        this->expect(arrived_ == std::string(filled_, '.') + large_.substr(0, written_),
                     "what arrived is not what was said to have gone");
    }
    void again(Yield& yield) override
    {
        if (!here_)
            prepare(yield);
        this->stage().drain(there_.descriptor());
        yield(here_.write("eggs"));
        this->expect(this->stage().drain(there_.descriptor()) == "eggs",
                     "another write was not so");
    }

protected:
    using OnSockets<Self>::here_;
    using OnSockets<Self>::there_;
    std::string large_;
    std::string arrived_;
    std::size_t filled_ = 0;
    std::size_t written_ = 0;
};

struct WritesSome final : WaitsForRoom<WritesSome> {
    using WaitsForRoom::WaitsForRoom;

    void prepare(Yield& yield) override
    {
        WaitsForRoom::prepare(yield);
        fill();
    }
    WriteSome make() { return here_.write_some(large_); }
    void got(std::size_t count) { written_ = count; }
};

struct WaitsWritable final : WaitsForRoom<WaitsWritable> {
    using WaitsForRoom::WaitsForRoom;

    void prepare(Yield& yield) override
    {
        WaitsForRoom::prepare(yield);
        fill();
    }
    WaitWritable make() { return WaitWritable(here_.descriptor(), here_.timeout()); }
};

struct WritesVectored final : WaitsForRoom<WritesVectored> {
    using WaitsForRoom::WaitsForRoom;

    void prepare(Yield& yield) override
    {
        WaitsForRoom::prepare(yield);
        buffers_ = {ConstBuffer(large_.data(), 3),
                    ConstBuffer(large_.data() + 3, large_.size() - 3)};
    }
    Writev make() { return here_.writev(buffers_); }
    void got(std::size_t count) { expect(count == large_.size(), "a wrong count"); }
    void ended(const Writev& write) { written_ = write.so_far(); }

private:
    std::array<ConstBuffer, 2> buffers_;
};

struct SendsFile final : WaitsForRoom<SendsFile> {
    using WaitsForRoom::WaitsForRoom;

    ~SendsFile() override { std::fclose(opened_); }

    void prepare(Yield& yield) override
    {
        WaitsForRoom::prepare(yield);
        large_.resize(large_.size() / 2);  // more of a file fits than of other bytes, but not now:
        fill();
        expect(::pwrite(file_, large_.data(), large_.size(), 0)
                   == static_cast<ssize_t>(large_.size()),
               "the file could not be written");
    }
    Sendfile make() { return here_.sendfile(Descriptor(file_), 0, large_.size()); }
    void got(std::uint64_t count) { expect(count == large_.size(), "a wrong count"); }
    void ended(const Sendfile& sending) { written_ = sending.so_far(); }

private:
    std::FILE* opened_ = std::tmpfile();
    int file_ = ::fileno(opened_);
};

/// Its peer reads the end of the stream exactly where it was told so.
struct ShutsDown final : TrialOf<ShutsDown> {
    using TrialOf::TrialOf;
    static constexpr bool complete_at_once = true;

    void prepare(Yield&) override { std::tie(here_, there_) = socket_pair(scheduler()); }
    Shutdown operation() { return here_.shutdown(); }
    void bystand(Yield& yield) override
    {
        auto [one, other] = socket_pair(scheduler());
        yield(one.shutdown());
    }
    void account() override
    {
        std::array<char, 1> buffer;
        const bool ended = stage().kernel().recv(there_.descriptor(), buffer) == 0;
        expect(ended == got_value(), "it is not shut down exactly where that was told");
    }
    void again(Yield& yield) override { yield(there_.shutdown()); }
    void clear() override
    {
        here_ = Socket();
        there_ = Socket();
    }

private:
    Socket here_;
    Socket there_;
};

}

std::vector<Row> stream_rows()
{
    std::vector<Row> rows;
    add_like<ReadsExactly>(rows, "Read", "ReadExactly");
    add_like<ReadsVectored>(rows, "Read", "Readv");
    add_like<ReadsLine>(rows, "Read", "ReadLine");
    add_like<WaitsReadable>(rows, "Read", "WaitReadable");
    add_like<WritesVectored>(rows, "Write", "Writev");
    add_like<SendsFile>(rows, "Write", "Sendfile");
    add_like<WritesSome>(rows, "Write", "WriteSome");
    add_like<WaitsWritable>(rows, "Write", "WaitWritable");
    add_like<ShutsDown>(rows, "Listen", "Shutdown");
    return rows;
}

}
