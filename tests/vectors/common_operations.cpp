#include "tests/vectors/examples.hpp"

namespace sluice::vectors {

void add_common_operations(operations&) {}

} // namespace sluice::vectors
