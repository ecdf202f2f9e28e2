// SPDX-License-Identifier: MIT
#include "cogen/io_operation.hpp"

namespace cogen {

std::string IoOperation::describe_as(const char* name, const std::string& details) const
{
    return std::string(name) + '(' + to_string(descriptor_) + (details.empty() ? "" : ", ")
           + details + ')';
}

}
