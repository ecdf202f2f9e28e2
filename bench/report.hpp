// SPDX-License-Identifier: MIT
#pragma once

#include "bench/compare/compare.hpp"
#include "bench/environment.hpp"
#include "bench/micro/micro.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// All that one run of the program has found out.
struct Report {
    Environment environment;
    std::vector<Comparison> workloads;
    std::optional<MicroComparison> micro;
};

/// The report as JSON, for programs.
std::string to_json(const Report& report);

/// The report as one self-contained page, for people: `page` with the JSON where it says
/// `{{report}}`.
std::string to_html(std::string_view page, std::string_view json);

}
