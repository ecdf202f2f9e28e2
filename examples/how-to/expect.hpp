#pragma once

#include <iostream>

/// How many of the sentences were not so.
inline int failures = 0;

/// Stands for what your test framework has: says a sentence, and whether it is so.
inline void expect(bool so, const char* sentence)
{
    std::cout << (so ? "so it is: " : "NOT SO: ") << sentence << '\n';
    failures += !so;
}
