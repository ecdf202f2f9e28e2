// Serves the files below a folder by HTTP: ./files folder [address:port]
#include <cogen/cogen.hpp>

#include <filesystem>
#include <iostream>
#include <sstream>

#include <fcntl.h>

using namespace cogen;
namespace fs = std::filesystem;

/// The file of that name below `folder`, where neither ".." nor a link leads out. Empty if there is
/// no such, or it is no plain file.
fs::path find_below(const fs::path& folder, const std::string& name)
{
    std::error_code error;
    const fs::path path = fs::canonical(folder / fs::path(name).relative_path(), error);
    const auto leaves = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first;
    return leaves == folder.end() && fs::is_regular_file(path, error) ? path : fs::path();
}

void answer(Yield& yield, Socket sock, const fs::path* folder)
{
    sock.timeout(30s);
    BufferedReader reader(sock);
    std::istringstream head{std::string(yield(reader.read_until("\r\n\r\n")))};
    std::string method, name;
    head >> method >> name;
    const bool known = method == "GET" || method == "HEAD";
    const fs::path path = known ? find_below(*folder, name) : fs::path();
    const OpenDescriptor file(yield.scheduler(), Descriptor(::open(path.c_str(), O_RDONLY)));
    const std::uintmax_t size = file ? fs::file_size(path) : 0;
    const std::string status = file ? "200 OK" : known ? "404 Not Found" : "405 Not GET";
    yield(sock.write("HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(size)
                     + "\r\nConnection: close\r\n\r\n"));
    if (file && method == "GET")
        yield(sock.sendfile(file.get(), 0, size) | idle_limit(30s));
}

void serve(Yield& yield, fs::path folder, Endpoint endpoint)
{
    Listener listener = yield(Listen(endpoint));
    std::cout << "listening at " << to_string(listener.endpoint()) << std::endl;
    for (;;)
        yield(Spawn(answer, yield(listener.accept()), &folder));
}

int main(int argc, char** argv)
{
    if (argc < 2) {
        std::cerr << "usage: " << argv[0] << " folder [address:port]\n";
        return 2;
    }
    Scheduler scheduler;
    scheduler.spawn(serve, fs::canonical(argv[1]),
                    Endpoint::parse(argc > 2 ? argv[2] : "127.0.0.1:0"));
    scheduler.run();
}
