#include "tests/support/matrix_rows.hpp"

using namespace cogen;

namespace matrix {
namespace {

/// The socket that an operation is made with has the time that the cell is about, and only then.
template <class Make>
auto made_with_timeout(const Cell& cell, Socket& socket, Make make)
{
    if (cell.end == End::socket_timeout)
        socket.timeout(limit);
    auto operation = make();
    socket.timeout(Timeout());
    return operation;
}

/// The bystander writes to the same socket.
struct Reads final : TrialOf<Reads> {
    using TrialOf::TrialOf;
    static constexpr bool shares_descriptor = true;

    void prepare(Yield&) override
    {
        std::tie(here_, there_) = socket_pair(scheduler());
        large_ = stage().more_than_fits(here_.descriptor(), there_.descriptor());
    }
    Read operation()
    {
        return made_with_timeout(cell(), here_, [this] { return here_.read(buffer_); });
    }
    void got(std::size_t count) { received_.append(buffer_.data(), count); }
    void succeed() override
    {
        sent_ += "spam";
        stage().send(there_.descriptor(), "spam");
    }
    void close() override { here_ = Socket(); }
    void bystand(Yield& yield) override { yield(here_.write(large_)); }
    void help_bystander() override { stage().drain(there_.descriptor()); }
    void account() override
    {
        if (here_)
            expect(received_ + stage().drain(here_.descriptor()) == sent_, "bytes were lost");
    }
    void again(Yield& yield) override
    {
        if (!here_)
            prepare(yield);
        const auto other = yield(Spawn([this](Yield& y) { return y(here_.read(buffer_)); }));
        stage().send(there_.descriptor(), "ham");
        expect(yield(Join(other)) == 3, "another read got something else");
    }
    void clear() override
    {
        here_ = Socket();
        there_ = Socket();
    }

private:
    Socket here_;
    Socket there_;
    std::array<char, 64> buffer_{};
    std::string large_;
    std::string sent_;
    std::string received_;
};

/// Part of it has gone when it is ended. The bystander reads from the same socket.
struct Writes final : TrialOf<Writes> {
    using TrialOf::TrialOf;
    static constexpr bool shares_descriptor = true;

    void prepare(Yield&) override
    {
        std::tie(here_, there_) = socket_pair(scheduler());
        large_ = stage().more_than_fits(here_.descriptor(), there_.descriptor());
    }
    Write operation()
    {
        return made_with_timeout(cell(), here_, [this] { return here_.write(large_); });
    }
    void got(std::size_t count) { expect(count == large_.size(), "a write with a wrong count"); }
    void ended(const Write& write)
    {
        written_ = write.so_far();
        const bool all = written_ == large_.size();
        expect(all == got_value(), "an answer that does not go with what was written");
    }
    void succeed() override { arrived_ += stage().drain(there_.descriptor()); }
    void close() override { here_ = Socket(); }
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
        expect(arrived_ == large_.substr(0, written_), "what arrived is not what so_far() tells");
    }
    void again(Yield& yield) override
    {
        if (!here_)
            prepare(yield);
        yield(here_.write("eggs"));
        expect(stage().drain(there_.descriptor()) == "eggs", "another write was not so");
    }
    void clear() override
    {
        here_ = Socket();
        there_ = Socket();
    }

private:
    Socket here_;
    Socket there_;
    std::string large_;
    std::string arrived_;
    std::size_t written_ = 0;
};

/// The bystander accepts from another listener.
template <class Self>
class AcceptsSomehow : public TrialOf<Self> {
public:
    using TrialOf<Self>::TrialOf;

    void prepare(Yield& yield) override
    {
        listener_ = yield(Listen(Stage::unix_endpoint()));
        if (!other_listener_)
            other_listener_ = yield(Listen(Stage::unix_endpoint()));
    }
    void succeed() override
    {
        if (listener_)
            client_ = this->stage().connect(listener_.endpoint());
    }
    void close() override { listener_ = Listener(); }
    void bystand(Yield& yield) override { yield(other_listener_.accept()); }
    void help_bystander() override
    {
        other_client_ = this->stage().connect(other_listener_.endpoint());
    }
    void account() override
    {
        Descriptor waiting;
        if (listener_)
            waiting = this->stage().accept(listener_.descriptor());
        if (client_.valid() && (listener_ || accepted_)) {  // otherwise the system drops it
            this->expect(waiting.valid() != bool(accepted_), "a connection was lost");
            this->stage().send(client_, "spam");
            this->expect(this->stage().drain(accepted_ ? accepted_.descriptor() : waiting)
                             == "spam",
                         "a connection does not work");
        }
        this->stage().close(waiting);
        this->stage().close(client_);
    }
    void again(Yield& yield) override
    {
        if (!listener_)
            prepare(yield);
        const auto other = yield(
            Spawn([this](Yield& y) { return bool(y(static_cast<Self&>(*this).operation())); }));
        client_ = this->stage().connect(listener_.endpoint());
        this->expect(yield(Join(other)), "another accept got nothing");
    }
    void clear() override
    {
        accepted_ = Socket();
        listener_ = Listener();
        other_listener_ = Listener();
        this->stage().close(client_);
        this->stage().close(other_client_);
    }

protected:
    Listener listener_;
    Socket accepted_;

private:
    Listener other_listener_;
    Descriptor client_;
    Descriptor other_client_;
};

struct Accepts final : AcceptsSomehow<Accepts> {
    using AcceptsSomehow::AcceptsSomehow;

    Accept operation() const { return listener_.accept(); }
    void got(Socket socket) { accepted_ = std::move(socket); }
};

struct AcceptsMany final : AcceptsSomehow<AcceptsMany> {
    using AcceptsSomehow::AcceptsSomehow;

    AcceptMany operation() { return listener_.accept_many({&accepted_, 1}); }
    void got(std::size_t count) { expect(count == 1, "a wrong count"); }
};

/// The bystander connects to another listener.
struct Connects final : TrialOf<Connects> {
    using TrialOf::TrialOf;

    void prepare(Yield& yield) override
    {
        listener_ = yield(Listen({"127.0.0.1", 0}));
        other_listener_ = yield(Listen({"127.0.0.1", 0}));
        stage().kernel().hold(listener_.endpoint());
        stage().kernel().hold(other_listener_.endpoint());
    }
    Connect operation() const { return Connect(listener_.endpoint()); }
    void got(Socket socket) { connected_ = std::move(socket); }
    void succeed() override { stage().kernel().release(listener_.endpoint()); }
    void bystand(Yield& yield) override { yield(Connect(other_listener_.endpoint())); }
    void help_bystander() override { stage().kernel().release(other_listener_.endpoint()); }
    void account() override
    {
        expect(got_value() == bool(connected_), "a success without a socket");
        Descriptor peer = stage().accept(listener_.descriptor());
        if (connected_) {
            stage().send(peer, "spam");
            expect(stage().drain(connected_.descriptor()) == "spam", "a connection does not work");
        } else if (peer.valid()) {  // it came about when nobody wanted it any more
            char buffer[1];
            expect(stage().kernel().recv(peer, buffer) == 0, "a connection was left open");
        }
        stage().close(peer);
    }
    void again(Yield& yield) override
    {
        succeed();
        expect(bool(yield(Connect(listener_.endpoint()))), "another connection was not made");
    }
    void clear() override
    {
        connected_ = Socket();
        listener_ = Listener();
        other_listener_ = Listener();
    }

private:
    Listener listener_;
    Listener other_listener_;
    Socket connected_;
};

struct Listens final : TrialOf<Listens> {
    using TrialOf::TrialOf;
    static constexpr bool complete_at_once = true;

    Listen operation() const { return Listen({"127.0.0.1", 0}); }
    void got(Listener listener) { listener_ = std::move(listener); }
    void bystand(Yield& yield) override { yield(operation()); }
    void account() override
    {
        expect(got_value() == bool(listener_), "a success without a listener");
    }
    void again(Yield& yield) override { yield(operation()); }
    void clear() override { listener_ = Listener(); }

private:
    Listener listener_;
};

/// The end by another's close is that the other was faster: then there is nothing left to close.
struct Closes final : TrialOf<Closes> {
    using TrialOf::TrialOf;
    static constexpr bool complete_at_once = true;

    void prepare(Yield&) override { std::tie(here_, there_) = socket_pair(scheduler()); }
    Close operation() { return here_.close(); }
    void close() override { here_ = Socket(); }
    void bystand(Yield& yield) override
    {
        auto [one, other] = socket_pair(scheduler());
        yield(one.close());
    }
    void account() override
    {
        const bool open = !got_value() && cell().end != End::close;
        expect(bool(here_) == open, "it is not closed exactly where that was told");
    }
    void again(Yield& yield) override { yield(there_.close()); }
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

std::vector<Row> descriptor_rows()
{
    std::vector<Row> rows = {
        row<Reads>("Read"),         row<Reads>("Read", true),       row<Writes>("Write"),
        row<Writes>("Write", true), row<Accepts>("Accept"),         row<Accepts>("Accept", true),
        row<Connects>("Connect"),   row<Connects>("Connect", true), row<Listens>("Listen"),
        row<Closes>("Close"),
    };
    add_like<AcceptsMany>(rows, "Accept", "AcceptMany");
    return rows;
}

}
