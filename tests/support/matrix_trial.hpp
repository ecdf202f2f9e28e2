#pragma once

#include "tests/support/matrix_stage.hpp"
#include "tests/support/matrix_words.hpp"

#include <memory>
#include <string>
#include <vector>

namespace matrix {

/// An operation on trial: the world around it, how it is yielded, how others make it succeed, and
/// how it is found out that nothing was lost. A row of the matrix is a kind of trial.
class Trial {
public:
    explicit Trial(Stage& stage) : stage_(stage) {}
    Trial(const Trial&) = delete;
    Trial& operator=(const Trial&) = delete;
    virtual ~Trial() = default;

    /// What there must be before the operation is yielded.
    virtual void prepare(cogen::Yield&) {}

    /// Yields the operation as the cell says. Answers with a word for what it got.
    virtual std::string yield_it(cogen::Yield& yield) = 0;

    /// What others do so that it succeeds. At once, and without a coroutine.
    virtual void succeed() {}

    /// Its success is certain by now, though its coroutine, which is `subject`, has not gone on.
    virtual bool succeeded(const cogen::Record& subject) const
    {
        return subject.state() != cogen::State::waiting;
    }

    /// Closes its descriptor.
    virtual void close() {}

    /// Waits, as a bystander, for the same kind of thing.
    virtual void bystand(cogen::Yield& yield) = 0;

    /// Has the bystander succeed, if it has not yet.
    virtual void help_bystander() {}

    /// Sees to it that what was given is either with the one who got it, or still to be had.
    virtual void account() {}

    /// Another operation like that must work, now.
    virtual void again(cogen::Yield& yield) = 0;

    /// Gives back all descriptors, and lets go of all coroutines.
    virtual void clear() {}

    /// Whether the yield has had its success.
    bool got_value() const { return got_value_; }

protected:
    Stage& stage() const { return stage_; }
    const Cell& cell() const { return stage_.cell(); }
    cogen::Scheduler& scheduler() const { return stage_.scheduler(); }
    void expect(bool so, const std::string& what) const { stage_.expect(so, what); }

    bool got_value_ = false;

private:
    Stage& stage_;
};

/// `Self` has an operation(), says in got(...) what to do with its result, and in ended(operation),
/// where it has that, what is to be learnt from the operation after its end.
template <class Self>
class TrialOf : public Trial {
public:
    using Trial::Trial;

    std::string yield_it(cogen::Yield& yield) final
    {
        auto operation = self().operation();
        const cogen::Duration time = time_for(cell(), self().complete_at_once);
        const AtEnd<decltype(operation)> at_end{self(), operation};
        if (cell().end != End::within)
            return yield_either_way(yield, operation);
        auto limited = operation | cogen::within(time);
        return yield_either_way(yield, limited);
    }

    void got() {}
    static constexpr bool complete_at_once = false;
    static constexpr bool shares_descriptor = false;
    static constexpr bool shares_success = false;

private:
    /// The operation has ended, well or not.
    template <class Op>
    struct AtEnd {
        Self& trial;
        const Op& operation;
        ~AtEnd()
        {
            if constexpr (requires { trial.ended(operation); })
                trial.ended(operation);
        }
    };

    Self& self() { return static_cast<Self&>(*this); }

    template <class Op>
    std::string yield_either_way(cogen::Yield& yield, Op& operation)
    {
        if (cell().as_tuple)
            return take_tuple(yield(operation | cogen::as_tuple));
        if constexpr (std::is_void_v<decltype(operation.result())>) {
            yield(operation);
            return take();
        } else {
            return take(yield(operation));
        }
    }

    template <class... Value>
    std::string take(Value&&... value)
    {
        got_value_ = true;
        self().got(std::forward<Value>(value)...);
        return "value";
    }

    template <class... Value>
    std::string take_tuple(std::tuple<cogen::error_code, Value...> answer)
    {
        if (const cogen::error_code error = std::get<0>(answer))
            return '{' + word_for(error) + '}';
        if constexpr (sizeof...(Value) == 0)
            return take();
        else
            return take(std::get<1>(std::move(answer)));
    }
};

/// A row of the matrix.
struct Row {
    const char* name;        ///< of the operation
    bool as_tuple;           ///< it is yielded so
    bool complete_at_once;   ///< as soon as it is started
    bool shares_descriptor;  ///< with its bystander
    bool shares_success;     ///< what helps the subject helps its bystander
    std::unique_ptr<Trial> (*make)(Stage&);
    const char* like = nullptr;    ///< the operation whose words are to hold of this one, too
    const char* not_on = nullptr;  ///< the reactor that cannot have it
};

/// One that makes trials of type T.
template <class T>
constexpr Row row(const char* name, bool as_tuple = false)
{
    return {name,
            as_tuple,
            T::complete_at_once,
            T::shares_descriptor,
            T::shares_success,
            [](Stage& stage) -> std::unique_ptr<Trial> { return std::make_unique<T>(stage); }};
}

/// The same for one that ends as another operation does, plain and with as_tuple.
template <class T>
void add_like(std::vector<Row>& rows, const char* other, const char* name)
{
    for (const bool as_tuple : {false, true}) {
        if (as_tuple && T::complete_at_once)
            continue;
        rows.push_back(row<T>(name, as_tuple));
        rows.back().like = other;
    }
}

}
