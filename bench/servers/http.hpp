// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace bench {

/// What an HTTP server must know of a request to answer it here.
struct HttpRequest {
    bool good = false;        ///< else it is none that we can answer, and the stream is lost
    bool keep_alive = false;  ///< the client wants to ask more on this connection
    std::string_view method, target;  ///< good until the reader is given more room
};

/// Finds the requests in a stream of bytes, wherever it is cut: several may come at once, and one
/// in many pieces. It is small but honest: the head is read line by line up to its end, and obeyed
/// where it says who closes. Bodies, and heads longer than its buffer, are refused.
class HttpReader {
public:
    /// Where the next bytes go; never empty after a next() that has answered nothing.
    std::span<char> room() { return std::span(buffer_).subspan(end_); }

    /// So many have come there.
    void add(std::size_t count) { end_ += count; }

    /// The next request, if the whole of it has come.
    std::optional<HttpRequest> next();

private:
    std::array<char, 4096> buffer_;
    std::size_t begin_ = 0, end_ = 0;  // what is there and not yet read
};

/// The answer to a request: a fixed greeting, or 400 where it is not good.
std::string_view response_to(const HttpRequest& request);

}
