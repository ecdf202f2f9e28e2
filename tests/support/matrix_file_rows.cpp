#include "tests/support/matrix_rows.hpp"

using namespace cogen;

namespace matrix {
namespace {

/// A pipe, of which the subject has one end. The end has the time that the cell is about while
/// `Self` makes its operation(). The bystander reads from another pipe.
template <class Self>
class OnPipe : public TrialOf<Self> {
public:
    using TrialOf<Self>::TrialOf;

    void prepare(Yield&) override
    {
        std::tie(out_, in_) = cogen::pipe(this->scheduler());
        if (!other_out_)
            std::tie(other_out_, other_in_) = cogen::pipe(this->scheduler());
    }
    auto operation()
    {
        File& end = static_cast<Self&>(*this).end();
        if (this->cell().end == End::socket_timeout)
            end.timeout(limit);
        auto operation = static_cast<Self&>(*this).make();
        end.timeout(Timeout());
        return operation;
    }
    void close() override { static_cast<Self&>(*this).end() = File(); }
    void bystand(Yield& yield) override
    {
        std::array<char, 8> buffer;
        this->expect(yield(other_out_.read(buffer)) == 3, "the bystander read something else");
    }
    void help_bystander() override { put(other_in_, "ham"); }
    void clear() override
    {
        for (File* file : {&out_, &in_, &other_out_, &other_in_})
            *file = File();
    }

protected:
    /// At once; as many bytes as fit.
    std::size_t put(const File& end, const std::string& bytes)
    {
        const ssize_t count = this->stage().kernel().write(end.descriptor(), bytes);
        return count < 0 ? 0 : static_cast<std::size_t>(count);
    }

    /// All that is there.
    std::string take(const File& end)
    {
        std::string all;
        std::array<char, 4096> buffer;
        for (;;) {
            const ssize_t count = this->stage().kernel().read(end.descriptor(), buffer);
            if (count <= 0)
                return all;
            all.append(buffer.data(), static_cast<std::size_t>(count));
        }
    }

    File out_;
    File in_;

private:
    File other_out_;
    File other_in_;
};

struct ReadsPipe final : OnPipe<ReadsPipe> {
    using OnPipe::OnPipe;

    File& end() { return out_; }
    Read make() { return out_.read(buffer_); }
    void got(std::size_t count) { received_.append(buffer_.data(), count); }
    void succeed() override
    {
        sent_ += "spam";
        put(in_, "spam");
    }
    void account() override
    {
        if (out_)
            expect(received_ + take(out_) == sent_, "bytes were lost");
    }
    void again(Yield& yield) override
    {
        if (!out_)
            prepare(yield);
        const auto other = yield(Spawn([this](Yield& y) { return y(make()); }));
        put(in_, "ham");
        expect(yield(Join(other)) == 3, "another read got something else");
    }

private:
    std::array<char, 64> buffer_{};
    std::string sent_;
    std::string received_;
};

/// It waits for room, since a part of it fits.
struct WritesPipe final : OnPipe<WritesPipe> {
    using OnPipe::OnPipe;

    File& end() { return in_; }
    Write make() { return in_.write(large_); }
    void got(std::size_t count) { expect(count == large_.size(), "a wrong count"); }
    void ended(const Write& write) { written_ = write.so_far(); }
    void succeed() override { arrived_ += take(out_); }
    void account() override
    {
        arrived_ += take(out_);
        expect(arrived_ == large_.substr(0, written_),
               "what arrived is not what was said to have gone");
    }
    void again(Yield& yield) override
    {
        if (!in_)
            prepare(yield);
        yield(in_.write("eggs"));
        expect(take(out_) == "eggs", "another write was not so");
    }

private:
    std::string large_ = std::string(100'000, 'x');  // and less than twice what a pipe holds
    std::string arrived_;
    std::size_t written_ = 0;
};

}

std::vector<Row> file_rows()
{
    std::vector<Row> rows;
    add_like<ReadsPipe>(rows, "Read", "Read (pipe)");
    add_like<WritesPipe>(rows, "Write", "Write (pipe)");
    return rows;
}

}
