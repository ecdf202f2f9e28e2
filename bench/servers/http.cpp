// SPDX-License-Identifier: MIT
#include "bench/servers/http.hpp"

#include <algorithm>

#include <strings.h>

namespace bench {
namespace {

bool equal_words(std::string_view one, std::string_view other)
{
    return one.size() == other.size() && strncasecmp(one.data(), other.data(), one.size()) == 0;
}

/// Cuts off and answers with what stands in front of `mark`, or with all where there is none.
std::string_view cut(std::string_view& text, std::string_view mark)
{
    const auto place = text.find(mark);
    const auto part = text.substr(0, place);
    text.remove_prefix(place == text.npos ? text.size() : place + mark.size());
    return part;
}

void read_request_line(HttpRequest& request, std::string_view line)
{
    request.method = cut(line, " ");
    request.target = cut(line, " ");
    request.good = !request.method.empty() && !request.target.empty()
                   && (line == "HTTP/1.1" || line == "HTTP/1.0");
    request.keep_alive = line == "HTTP/1.1";
}

void read_header(HttpRequest& request, std::string_view line)
{
    const auto name = cut(line, ":");
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (equal_words(name, "Connection"))
        request.keep_alive =
            !equal_words(line, "close") && (request.keep_alive || equal_words(line, "keep-alive"));
    if (equal_words(name, "Transfer-Encoding")
        || (equal_words(name, "Content-Length") && line != "0"))
        request.good = false;
}

HttpRequest read_head(std::string_view head)
{
    HttpRequest request;
    read_request_line(request, cut(head, "\r\n"));
    while (!head.empty())
        read_header(request, cut(head, "\r\n"));
    request.keep_alive = request.keep_alive && request.good;
    return request;
}

}

std::optional<HttpRequest> HttpReader::next()
{
    const std::string_view unread(buffer_.data() + begin_, end_ - begin_);
    const auto size = unread.find("\r\n\r\n");
    if (size != unread.npos) {
        begin_ += size + 4;
        if (begin_ == end_)
            begin_ = end_ = 0;
        return read_head(unread.substr(0, size));
    }
    if (unread.size() == buffer_.size())
        return HttpRequest();
    std::copy(unread.begin(), unread.end(), buffer_.begin());
    begin_ = 0;
    end_ = unread.size();
    return std::nullopt;
}

std::string_view response_to(const HttpRequest& request)
{
    if (!request.good)
        return "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    if (!request.keep_alive)
        return "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n"
               "Connection: close\r\n\r\nHello, world!";
    return "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\n"
           "Hello, world!";
}

}
