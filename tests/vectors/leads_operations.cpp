#include "tests/vectors/examples.hpp"

namespace sluice::vectors {

void add_leads_operations(operations&) {}

} // namespace sluice::vectors
