// SPDX-License-Identifier: MIT
#pragma once

#include <cassert>

namespace cogen {

/// A place in a List, which whatever can be listed inherits: linking allocates nothing.
/// A type that can stand in two lists at once inherits two, told apart by `Tag`.
template <class Tag = void>
class Hook {
public:
    Hook() = default;
    Hook(const Hook&) {}  // a place is nothing that can be copied: the copy is in no list
    Hook& operator=(const Hook&) = delete;

    bool linked() const { return next_ != nullptr; }

    /// Takes it out of its list; it must be in one.
    void unlink()
    {
        assert(linked());
        next_->previous_ = previous_;
        previous_->next_ = next_;
        next_ = previous_ = nullptr;
    }

private:
    template <class, class>
    friend class List;

    Hook* next_ = nullptr;
    Hook* previous_ = nullptr;
};

/// Objects in the order in which they came, linked through their own hooks. It owns none of them.
/// Every operation on it takes constant time.
template <class T, class Tag = void>
class List {
public:
    List() { head_.next_ = head_.previous_ = &head_; }
    List(const List&) = delete;
    List& operator=(const List&) = delete;

    bool empty() const { return head_.next_ == &head_; }

    T& front() { return element(head_.next_); }

    /// Behind all others. What comes in must not be linked by this hook already.
    void push_back(T& object) { link(object, head_.previous_, &head_); }

    /// Ahead of all others.
    void push_front(T& object) { link(object, &head_, head_.next_); }

    class Iterator;

    /// In front of `before`; end() is behind all.
    void insert(Iterator before, T& object) { link(object, before.at_->previous_, before.at_); }

    T& pop_front()
    {
        T& first = front();
        static_cast<Hook<Tag>&>(first).unlink();
        return first;
    }

    /// Good as long as what it stands at is linked.
    class Iterator {
    public:
        explicit Iterator(Hook<Tag>* at) : at_(at) {}
        T& operator*() const { return element(at_); }
        Iterator& operator++()
        {
            at_ = at_->next_;
            return *this;
        }
        bool operator==(const Iterator&) const = default;

    private:
        friend class List;

        Hook<Tag>* at_;
    };

    Iterator begin() { return Iterator(head_.next_); }
    Iterator end() { return Iterator(&head_); }

private:
    static T& element(Hook<Tag>* hook) { return static_cast<T&>(*hook); }

    static void link(Hook<Tag>& hook, Hook<Tag>* before, Hook<Tag>* after)
    {
        assert(!hook.linked());
        hook.previous_ = before;
        hook.next_ = after;
        before->next_ = &hook;
        after->previous_ = &hook;
    }

    Hook<Tag> head_;  // a ring: the first follows it, the last precedes it
};

}
