#include "tests/support/layout.hpp"

#include "actors/mechanism_module.hpp"

namespace sluice::test {

const storage::schema& layout() {
  static const auto whole = schema_of(all_mechanisms());
  return whole;
}

} // namespace sluice::test
