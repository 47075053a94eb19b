/// How many files and sockets this process may have open.
#pragma once

#include <cstddef>

namespace sluice::net {

/// Raises the limit of open files as far as this process may, and answers it: 0 and more, of files
/// and sockets together. What cannot be raised stays.
size_t raise_descriptors();

} // namespace sluice::net
