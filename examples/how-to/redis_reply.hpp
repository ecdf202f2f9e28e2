// What a Redis server answers, as values that outlive hiredis's own.
#pragma once

#include <hiredis/hiredis.h>

#include <stdexcept>
#include <string>
#include <vector>

/// A reply, copied: hiredis frees its own as soon as it has shown it.
struct Reply {
    Reply() = default;
    explicit Reply(const redisReply& reply)
        : type(reply.type), integer(reply.integer), text(reply.str ? reply.str : "", reply.len)
    {
        for (std::size_t i = 0; i < reply.elements; ++i)
            elements.emplace_back(*reply.element[i]);
    }

    int type = REDIS_REPLY_NIL;   ///< which of the following there is
    long long integer = 0;        ///< of REDIS_REPLY_INTEGER
    std::string text;             ///< of REDIS_REPLY_STRING, _STATUS and _ERROR
    std::vector<Reply> elements;  ///< of REDIS_REPLY_ARRAY
};

/// The server has understood a command, and refuses it.
class RedisError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};
