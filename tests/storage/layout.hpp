/// The tables that tests of the storage are about: the node's, and those of one mechanism.
#pragma once

#include "storage/liquidity/tables.hpp"

#include <array>

namespace sluice::storage::test {

inline const schema& layout() {
  static const auto whole = schema_with(std::array{liquidity_schema()});
  return whole;
}

} // namespace sluice::storage::test
