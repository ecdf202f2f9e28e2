#include "tests/support/matrix_rows.hpp"
#include "tests/support/matrix_sockets.hpp"

using namespace cogen;

namespace matrix {
namespace {

/// `here_` is the bystander's, too.
template <class Self>
class OnDatagrams : public OnSockets<Self, DatagramSocket> {
public:
    using OnSockets<Self, DatagramSocket>::OnSockets;
    static constexpr bool shares_descriptor = true;

    void prepare(Yield&) override
    {
        std::tie(this->here_, this->there_) = datagram_pair(this->scheduler());
        while (this->stage().send(this->here_.descriptor(), "fill") > 0)
            filled_ += "fill";
    }

protected:
    std::string filled_;  // what waits at the other end, so that there is no room
};

struct ReceivesFrom final : OnDatagrams<ReceivesFrom> {
    using OnDatagrams::OnDatagrams;

    ReceiveFrom make() const { return here_.receive_from(buffer_); }
    void got(const Datagram& datagram) { received_.append(buffer_.data(), datagram.size); }
    void succeed() override
    {
        sent_ += "spam";
        stage().send(there_.descriptor(), "spam");
    }
    void bystand(Yield& yield) override { yield(here_.send("ham")); }
    void help_bystander() override { stage().drain(there_.descriptor()); }
    void account() override
    {
        if (here_)
            expect(received_ + stage().drain(here_.descriptor()) == sent_, "a datagram was lost");
    }
    void again(Yield& yield) override
    {
        if (!here_)
            prepare(yield);
        const auto other = yield(Spawn([this](Yield& y) { return y(make()).size; }));
        stage().send(there_.descriptor(), "eggs!");
        expect(yield(Join(other)) == 5, "another datagram was not received");
    }

private:
    mutable std::array<char, 64> buffer_{};
    std::string sent_;
    std::string received_;
};

struct SendsTo final : OnDatagrams<SendsTo> {
    using OnDatagrams::OnDatagrams;

    SendTo make() const { return here_.send("spam"); }
    void got(std::size_t count) { expect(count == 4, "a wrong count"); }
    void succeed() override { arrived_ += stage().drain(there_.descriptor()); }
    void bystand(Yield& yield) override
    {
        std::array<char, 8> buffer;
        expect(yield(here_.receive_from(buffer)).size == 3, "the bystander got something else");
    }
    void help_bystander() override
    {
        if (here_)
            stage().send(there_.descriptor(), "ham");
    }
    void account() override
    {
        arrived_ += stage().drain(there_.descriptor());
        expect(arrived_ == filled_ + (got_value() ? "spam" : ""),
               "what arrived is not what was said to have gone");
    }
    void again(Yield& yield) override
    {
        if (!here_)
            prepare(yield);
        stage().drain(there_.descriptor());
        yield(make());
        expect(stage().drain(there_.descriptor()) == "spam", "another datagram was not sent");
    }

private:
    std::string arrived_;
};

/// What has been opened is there exactly where that was told.
struct Binds final : TrialOf<Binds> {
    using TrialOf::TrialOf;
    static constexpr bool complete_at_once = true;

    BindDatagram operation() const { return BindDatagram({"127.0.0.1", 0}); }
    void got(DatagramSocket socket) { socket_ = std::move(socket); }
    void bystand(Yield& yield) override { yield(operation()); }
    void account() override { expect(got_value() == bool(socket_), "a success without a socket"); }
    void again(Yield& yield) override { yield(operation()); }
    void clear() override { socket_ = DatagramSocket(); }

private:
    DatagramSocket socket_;
};

}

std::vector<Row> datagram_rows()
{
    std::vector<Row> rows;
    add_like<ReceivesFrom>(rows, "Read", "ReceiveFrom");
    add_like<SendsTo>(rows, "Write", "SendTo");
    add_like<Binds>(rows, "Listen", "BindDatagram");
    return rows;
}

}
