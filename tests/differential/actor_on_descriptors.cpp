#include "tests/differential/actor.hpp"

using namespace cogen;

namespace differential {

Actor::Verdict Actor::act_on_descriptor(Yield& yield, const Step& step)
{
    switch (step.kind) {
    case Kind::drain:
        return drain(yield, step);
    case Kind::write:
    case Kind::write_some:
    case Kind::writev:
        return write(yield, step);
    case Kind::shutdown:
        return shutdown(yield, step);
    case Kind::close:
        yield(stage_.network.end(step.target).close());
        return {"closed", ended_well};
    case Kind::wait_readable:
    case Kind::wait_writable:
        return wait_ready(yield, step);
    case Kind::connect:
        return connect(yield, step);
    case Kind::accept:
        return accept(yield, step);
    case Kind::close_listener:
        yield(stage_.network.listener(step.target).close());
        return {"closed", ended_well};
    case Kind::send_to:
        return send_to(yield, step);
    case Kind::receive_from:
        return receive_from(yield, step);
    case Kind::send_descriptors:
        return send_descriptors(yield, step);
    case Kind::receive_descriptors:
        return receive_descriptors(yield, step);
    default:
        return read(yield, step);
    }
}

Actor::Verdict Actor::shutdown(Yield& yield, const Step& step)
{
    const End& end = stage_.network.end(step.target);
    const auto direction = static_cast<Shutdown::Direction>(step.amount);
    if (direction != Shutdown::Direction::writing && end.traffic.in)
        end.traffic.in->cut();
    yield(std::get<Socket>(end.open).shutdown(direction));
    return {"shut down", ended_well};
}

Actor::Verdict Actor::wait_ready(Yield& yield, const Step& step)
{
    const Descriptor descriptor = stage_.network.end(step.target).descriptor();
    if (step.kind == Kind::wait_readable) {
        pending_ = pollfd{descriptor.number(), POLLIN, 0};
        yield_it(yield, WaitReadable(descriptor), step);
    } else {
        pending_ = pollfd{descriptor.number(), POLLOUT, 0};
        yield_it(yield, WaitWritable(descriptor), step);
    }
    return {"ready", ended_well};
}

Actor::Verdict Actor::connect(Yield& yield, const Step& step)
{
    const Endpoint endpoint = stage_.network.listener(step.target).endpoint();
    Socket socket = yield_it(yield, Connect(endpoint), step);
    wait_for_own_instant(yield);  // the one before is closed, which others notice
    if (stage_.network.replace(2 * step.target, std::move(socket)))
        stage_.count_order(number_again);
    return {"connected", ended_well};
}

Actor::Verdict Actor::accept(Yield& yield, const Step& step)
{
    const Listener& listener = stage_.network.listener(step.target);
    pending_ = pollfd{listener.descriptor().number(), POLLIN, 0};
    Socket socket = yield_it(yield, listener.accept(), step);
    wait_for_own_instant(yield);
    if (stage_.network.replace(2 * step.target + 1, std::move(socket)))
        stage_.count_order(number_again);
    return {"accepted", ended_well};
}

}
