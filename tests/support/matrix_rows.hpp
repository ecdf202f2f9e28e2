#pragma once

#include "tests/support/matrix_trial.hpp"

#include <vector>

namespace matrix {

/// The operations that have to do with coroutines and time only.
std::vector<Row> coroutine_rows();

/// Those on descriptors.
std::vector<Row> descriptor_rows();

/// Those that read, write or wait in other ways, and end as Read, Write and Listen do.
std::vector<Row> stream_rows();

/// Those on datagrams, which end as these do.
std::vector<Row> datagram_rows();

/// Those that read and write what is no socket.
std::vector<Row> file_rows();

/// Those that pass descriptors on. There are none in memory.
std::vector<Row> passing_rows();

}
