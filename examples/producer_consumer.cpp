// Two producers and a consumer share a table. Who finds it full, or empty, waits for a signal.
#include <cogen/cogen.hpp>

#include <deque>
#include <iostream>

using namespace cogen;

using Table = std::deque<std::string>;
constexpr std::size_t room = 3;

void put(Yield& yield, Table& table, std::string dish)
{
    while (table.size() == room)
        yield(WaitForSignal("taken"));
    table.push_back(std::move(dish));
    yield(Signal("put"));
}

std::string take(Yield& yield, Table& table)
{
    while (table.empty())
        yield(WaitForSignal("put"));
    std::string dish = std::move(table.front());
    table.pop_front();
    yield(Signal("taken"));
    return dish;
}

void cook(Yield& yield, Table* table, std::string dish)
{
    for (int i = 1; i <= 4; ++i) {
        put(yield, *table, dish + ' ' + std::to_string(i));
        std::cout << dish << ' ' << i << " is on the table\n";
    }
}

void eat(Yield& yield, Table* table, int dishes)
{
    for (int i = 0; i < dishes; ++i) {
        const std::string dish = take(yield, *table);
        std::cout << "    " << dish << " is eaten\n";
        yield(Sleep(1ms));  // which the cooks have to wait
    }
}

int main()
{
    Table table;
    Scheduler scheduler;
    scheduler.spawn(cook, &table, "spam");
    scheduler.spawn(cook, &table, "eggs");
    scheduler.spawn(eat, &table, 8);
    std::cout << scheduler.run();
}
