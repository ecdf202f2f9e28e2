// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace cogen {

/// What coroutines signal each other by: a name, and the type of the value that goes along, so that
/// the compiler sees to it that both sides mean the same. `Topic<int> temperature{"temperature"};`
///
/// It is only a key: who waits is known to each scheduler itself. Two of the same name are the same
/// topic. It outlives the operations that are made with it.
template <class T = void>
class Topic {
public:
    explicit Topic(std::string name) : name_(std::move(name)) {}
    const std::string& name() const { return name_; }

private:
    std::string name_;
};

/// The name by which an operation finds its topic: its own, or that of a Topic.
class TopicName {
public:
    TopicName(std::string name) : own_(std::move(name)) {}
    template <class T>
    TopicName(const Topic<T>& topic) : of_topic_(&topic.name())
    {}

    const std::string& get() const { return of_topic_ ? *of_topic_ : own_; }

private:
    std::string own_;
    const std::string* of_topic_ = nullptr;
};

}
