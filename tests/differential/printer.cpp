#include "tests/differential/printer.hpp"

namespace differential {
namespace {

std::string member(const char* name, int value)
{
    return value == 0 ? "" : std::string(", .") + name + " = " + std::to_string(value);
}

std::string list_of(const std::vector<Step>& steps);

std::string code_of(const Step& step)
{
    return "{.kind = Kind::" + std::string(name_of(step.kind)) + member("target", step.target)
           + member("amount", step.amount) + member("limit", step.limit)
           + member("passed", step.passed)
           + (step.body.empty() ? "" : ", .body = " + list_of(step.body)) + '}';
}

std::string list_of(const std::vector<Step>& steps)
{
    std::string code = "{";
    for (const Step& step : steps)
        code += (code.size() > 1 ? ", " : "") + code_of(step);
    return code + '}';
}

std::string code_of(const Stream& stream)
{
    return "{Stream::Kind::" + std::string(name_of(stream.kind)) + (stream.wide ? ", true}" : "}");
}

}

std::string as_code(const Program& program)
{
    static const char* const orders[] = {"apart", "flows", "races"};
    std::string streams, coroutines;
    for (const Stream& stream : program.streams)
        streams += (streams.empty() ? "" : ", ") + code_of(stream);
    for (const auto& steps : program.coroutines)
        coroutines += (coroutines.empty() ? "" : ",\n     ") + list_of(steps);
    return std::string("const Program program{\n    Order::")
           + orders[static_cast<std::size_t>(program.order)] + ",\n    {" + streams + "},\n    {"
           + coroutines + '}' + (program.ends_by_closing ? ",\n    true" : "")
           + "};\nCHECK(failure_of(program) == \"\");\n";
}

}
