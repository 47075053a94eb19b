/// The tables of a data folder with the liquidity mechanism's.
#pragma once

#include "storage/liquidity/tables.hpp"

#include <array>

namespace sluice::test {

inline const storage::schema& layout() {
  static const auto whole = storage::schema_with(std::array{storage::liquidity_schema()});
  return whole;
}

} // namespace sluice::test
