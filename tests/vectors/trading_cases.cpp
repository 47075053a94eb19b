#include "tests/vectors/examples.hpp"

namespace sluice::vectors {

void add_trading_cases(case_readers&) {}

} // namespace sluice::vectors
