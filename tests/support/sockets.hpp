#pragma once

#include "cogen/cogen.hpp"

/// A TCP connection within one scheduler, or what stands for it in memory: both ends of it.
std::pair<cogen::Socket, cogen::Socket> connection(cogen::Yield& yield);

/// An abstract address of a Unix socket, of this process alone.
cogen::Endpoint unix_endpoint(const std::string& name);

/// Sends back what comes, until the end.
void echo(cogen::Yield& yield, cogen::Socket socket);

/// Reads until `size` bytes have come, or the end.
std::string read_up_to(cogen::Yield& yield, const cogen::Socket& socket, std::size_t size);

/// The error that yielding `operation` ends with; none where it succeeds.
template <class Op>
cogen::error_code error_of(cogen::Yield& yield, Op&& operation)
{
    try {
        yield(operation);
        return {};
    } catch (const cogen::system_error& error) {
        return error.code();
    }
}
