#include "tests/differential/generator.hpp"

namespace differential {

Program random_program(unsigned seed)
{
    Dice dice(seed);
    const Order order = dice.one_of({Order::apart, Order::apart, Order::flows, Order::races});
    return order == Order::flows ? flowing_program(dice) : improvised_program(dice, order);
}

}
