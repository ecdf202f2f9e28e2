#pragma once

#include <span>
#include <string_view>

namespace kqueue_model {

/// What a system answers to a question of the probe. "Expected" is what the BSD manuals describe.
enum class Answer { expected, differs, unknown };

struct Row {
    std::string_view behaviour;
    Answer netbsd;                // measured: see verdicts.cpp
    Answer freebsd;               // from manuals, not measured
    Answer darwin;                // from manuals, not measured
    std::string_view model = {};  // why it is not played here, or played otherwise
};

std::span<const Row> verdicts();

}
