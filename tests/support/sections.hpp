/// The mechanisms that configuration files of tests speak of.
#pragma once

#include "io/consensus/section.hpp"
#include "io/leads/section.hpp"
#include "io/liquidity/section.hpp"
#include "io/sports/section.hpp"
#include "io/trading/section.hpp"

#include <array>

namespace sluice::test {

inline const auto& sections() {
  static const std::array all{io::liquidity_section(), io::leads_section(), io::trading_section(),
                              io::consensus_section(), io::sports_section()};
  return all;
}

} // namespace sluice::test
