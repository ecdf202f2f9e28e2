// A Redis server for coroutines, by the asynchronous interface of the library hiredis.
#pragma once

#include "examples/how-to/library_descriptor.hpp"
#include "examples/how-to/redis_reply.hpp"

#include <hiredis/async.h>

#include <memory>
#include <string>
#include <vector>

/// A connection to a Redis server, for any number of coroutines at once. When it is lost, all of
/// its commands fail with the reason, present and future ones. It ends before its scheduler.
class Redis {
public:
    /// Takes over what redisAsyncConnect() or one of its kin answers with.
    Redis(cogen::Scheduler& scheduler, redisAsyncContext* context);
    ~Redis() { lose(cogen::errc::closed); }
    Redis(const Redis&) = delete;
    Redis& operator=(const Redis&) = delete;

    class Command;

    /// Sends a command, and answers with the Reply: `yield(redis.command("SET", key, value))`.
    /// Throws a RedisError where the server refuses. Ended early, it may be carried out or not.
    /// Not for commands that have no reply of their own or many, as SUBSCRIBE and MONITOR.
    template <class... Words>
    Command command(const Words&... words);

private:
    void lose(cogen::error_code why)
    {
        if (!lost_.failed())
            lost_ = why;
        if (context_)
            redisAsyncFree(context_);  // which comes back to clean_up()
    }

    void note_loss(const redisAsyncContext& context);

    // [clean_up]
    void clean_up()
    {
        note_loss(*context_);
        context_ = nullptr;
        descriptor_.close();
    }
    // [/clean_up]

    redisAsyncContext* context_;  // null: the connection is lost
    cogen::error_code lost_;      // why
    std::size_t waiting_ = 0;     // commands whose coroutines wait
    LibraryDescriptor descriptor_;
};

class Redis::Command final : public cogen::Operation {
public:
    Command(Redis& redis, std::vector<std::string> words) : redis_(redis), words_(std::move(words))
    {}

    // [cancel]
    /// hiredis does not take a command back. It keeps the slot, and will fill it for nobody.
    cogen::Record* cancel(cogen::error_code why) override
    {
        *slot_ = nullptr;
        leave();
        complete(why);
        return nullptr;
    }
    // [/cancel]

    Reply result()
    {
        throw_if_failed();
        if (reply_.type == REDIS_REPLY_ERROR)
            throw RedisError(describe() + ": " + reply_.text);
        return std::move(reply_);
    }

    std::string describe() const override { return "Redis(" + words_.front() + ')'; }

private:
    // [start]
    cogen::Coroutine* start(cogen::Scheduler&) override
    {
        if (!redis_.context_)
            return complete_now(redis_.lost_);
        auto slot = std::make_unique<Command*>(this);
        if (!send(slot.get()))
            return complete_now(cogen::system_error_code(EINVAL));
        slot_ = slot.release();
        ++redis_.waiting_;
        redis_.descriptor_.start();
        return nullptr;
    }
    // [/start]

    bool send(Command** slot)
    {
        std::vector<const char*> texts;
        std::vector<std::size_t> sizes;
        for (const std::string& word : words_) {
            texts.push_back(word.data());
            sizes.push_back(word.size());
        }
        return redisAsyncCommandArgv(redis_.context_, on_reply, slot,
                                     static_cast<int>(sizes.size()), texts.data(), sizes.data())
               == REDIS_OK;
    }

    // [on_reply]
    static void on_reply(redisAsyncContext* context, void* reply, void* data) noexcept
    {
        const std::unique_ptr<Command*> slot(static_cast<Command**>(data));
        if (Command* const command = *slot)
            command->answer(*context, static_cast<const redisReply*>(reply));
    }

    void answer(const redisAsyncContext& context, const redisReply* reply)
    {
        if (reply) {
            reply_ = Reply(*reply);
        } else {
            redis_.note_loss(context);
            set_error(redis_.lost_);
        }
        leave();
        complete();
    }
    // [/on_reply]

    void leave()
    {
        if (--redis_.waiting_ == 0)
            redis_.descriptor_.stop();
    }

    Redis& redis_;
    std::vector<std::string> words_;
    Command** slot_ = nullptr;  // hiredis's, who lets go of it when it has the reply
    Reply reply_;
};

template <class... Words>
Redis::Command Redis::command(const Words&... words)
{
    return Command(*this, {std::string(words)...});
}

// [hooks]
inline Redis::Redis(cogen::Scheduler& scheduler, redisAsyncContext* context)
    : context_(context),
      descriptor_(scheduler, cogen::Descriptor(context ? context->c.fd : -1),
                  {[this] { redisAsyncHandleRead(context_); },
                   [this] { redisAsyncHandleWrite(context_); },
                   [this](cogen::error_code why) { lose(why); }})
{
    if (!context)
        throw std::bad_alloc();
    auto& hooks = context->ev;
    hooks.data = this;
    hooks.addRead = [](void* redis) { static_cast<Redis*>(redis)->descriptor_.want_read(true); };
    hooks.delRead = [](void* redis) { static_cast<Redis*>(redis)->descriptor_.want_read(false); };
    hooks.addWrite = [](void* redis) { static_cast<Redis*>(redis)->descriptor_.want_write(true); };
    hooks.delWrite = [](void* redis) { static_cast<Redis*>(redis)->descriptor_.want_write(false); };
    hooks.cleanup = [](void* redis) { static_cast<Redis*>(redis)->clean_up(); };
    if (context->err != 0) {
        note_loss(*context);
        lose(lost_);
    }
}
// [/hooks]

/// To be called first while errno is still what hiredis has left there.
inline void Redis::note_loss(const redisAsyncContext& context)
{
    if (lost_.failed())
        return;
    switch (context.err) {
    case REDIS_ERR_IO:
        lost_ = cogen::system_error_code(errno ? errno : EIO);
        break;
    case REDIS_ERR_EOF:
        lost_ = cogen::errc::end_of_stream;
        break;
    default:
        lost_ = cogen::system_error_code(EPROTO);
    }
}
