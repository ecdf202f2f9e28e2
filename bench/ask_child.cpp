// SPDX-License-Identifier: MIT
#include "bench/ask_child.hpp"

#include "bench/child.hpp"
#include "bench/owned_fd.hpp"

#include <chrono>
#include <fstream>
#include <string>

#include <sys/resource.h>
#include <unistd.h>

namespace bench {

double ask_child(const std::function<void(const Answer&)>& body)
{
    Pipe pipe;
    const Child child([&] {
        body([&](double answer) {
            write_all(pipe.writer.get(), std::to_string(answer) + "\n");
            _exit(0);
        });
    });
    pipe.writer = OwnedFd();  // so that we see the end if the child dies without an answer
    return std::stod(read_line(pipe.reader.get(), std::chrono::minutes(1)));
}

double resident_kib()
{
    std::ifstream statm("/proc/self/statm");
    double pages = 0;
    if (statm >> pages >> pages)
        return pages * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1024;
    rusage usage = {};  // elsewhere: the most there ever was, which is now as long as we only grow
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss);
}

}
