/// A verdict as reports, the wire and the shell call it.
#pragma once

#include "rules/liquidity/scoreboard.hpp"

#include <string_view>

namespace sluice {

constexpr std::string_view to_string(miner_verdict verdict) {
  switch (verdict) {
  case miner_verdict::scored:
    return "scored";
  case miner_verdict::refused:
    return "refused";
  case miner_verdict::failed:
    break;
  }
  return "failed";
}

} // namespace sluice
