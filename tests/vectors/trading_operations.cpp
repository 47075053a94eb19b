#include "tests/vectors/examples.hpp"

namespace sluice::vectors {

void add_trading_operations(operations&) {}

} // namespace sluice::vectors
