#pragma once

#include "tests/differential/dice.hpp"
#include "tests/differential/program.hpp"

namespace differential {

/// A random program, always the same for one seed.
Program random_program(unsigned seed);

/// One in which anybody may do anything to anybody. In races, each direction of a stream has one
/// reader and one writer all the same, or nobody would know which bytes he gets.
Program improvised_program(Dice& dice, Order order);

/// One in which bytes flow from producers over relays to consumers, and all come to their end.
Program flowing_program(Dice& dice);

}
