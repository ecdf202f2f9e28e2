#include "tests/support/matrix_rows.hpp"
#include "tests/support/matrix_sockets.hpp"

using namespace cogen;

namespace matrix {
namespace {

/// `here_` is the bystander's, too.
template <class Self>
class Passes : public OnSockets<Self> {
public:
    using OnSockets<Self>::OnSockets;
    static constexpr bool shares_descriptor = true;

    void prepare(Yield&) override
    {
        std::tie(this->here_, this->there_) = socket_pair(this->scheduler());
        large_ = this->stage().more_than_fits(this->here_.descriptor(), this->there_.descriptor());
    }

protected:
    /// Always open.
    static constexpr Descriptor any{0};

    std::string large_;
};

struct ReceivesDescriptors final : Passes<ReceivesDescriptors> {
    using Passes::Passes;

    ReceiveDescriptors make() { return here_.receive_descriptors(buffer_, descriptors_); }
    void got(const ReceivedDescriptors& received)
    {
        received_.append(buffer_.data(), received.size);
        expect(received.count == 1 && descriptors_[0], "the descriptor did not come");
        descriptors_[0] = OpenDescriptor();
    }
    void succeed() override
    {
        sent_ += "spam";
        const Descriptor sent[] = {any};
        const ssize_t count = there_.send_descriptors(sent, "spam").attempt(stage().kernel());
        expect(count == 4 || !here_, "nothing was sent");
    }
    void bystand(Yield& yield) override { yield(here_.write(large_)); }
    void help_bystander() override { stage().drain(there_.descriptor()); }
    void account() override
    {
        expect(!descriptors_[0], "a descriptor came, and nobody was told");
        if (here_)
            expect(received_ + stage().drain(here_.descriptor()) == sent_, "bytes were lost");
    }
    void again(Yield& yield) override
    {
        if (!here_)
            prepare(yield);
        const auto other = yield(Spawn([this](Yield& y) { got(y(make())); }));
        succeed();
        yield(Join(other));
    }

private:
    std::array<char, 64> buffer_{};
    std::array<OpenDescriptor, 2> descriptors_;
    std::string sent_;
    std::string received_;
};

struct SendsDescriptors final : Passes<SendsDescriptors> {
    using Passes::Passes;

    SendDescriptors make() { return here_.send_descriptors(sent_, large_); }
    void got(std::size_t count) { expect(count == large_.size(), "a wrong count"); }
    void ended(const SendDescriptors& sending) { written_ = sending.so_far(); }
    void succeed() override { arrived_ += stage().drain(there_.descriptor()); }
    void bystand(Yield& yield) override
    {
        std::array<char, 8> buffer;
        expect(yield(here_.read(buffer)) == 3, "the bystander read something else");
    }
    void help_bystander() override
    {
        if (here_)
            stage().send(there_.descriptor(), "ham");
    }
    void account() override
    {
        arrived_ += stage().drain(there_.descriptor());
        expect(arrived_ == large_.substr(0, written_),
               "what arrived is not what was said to have gone");
    }
    void again(Yield& yield) override
    {
        if (!here_)
            prepare(yield);
        yield(here_.send_descriptors(sent_, "eggs"));
        expect(stage().drain(there_.descriptor()) == "eggs", "another was not sent");
    }

private:
    std::array<Descriptor, 1> sent_{any};
    std::string arrived_;
    std::size_t written_ = 0;
};

}

std::vector<Row> passing_rows()
{
    std::vector<Row> rows;
    add_like<ReceivesDescriptors>(rows, "Read", "ReceiveDescriptors");
    add_like<SendsDescriptors>(rows, "Write", "SendDescriptors");
    for (Row& row : rows)
        row.not_on = "memory";
    return rows;
}

}
