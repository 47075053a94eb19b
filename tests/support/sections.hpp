/// The mechanisms that configuration files of tests speak of.
#pragma once

#include "io/liquidity/section.hpp"

#include <array>

namespace sluice::test {

inline const auto& sections() {
  static const std::array all{io::liquidity_section()};
  return all;
}

} // namespace sluice::test
