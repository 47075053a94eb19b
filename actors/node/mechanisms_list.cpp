#include "actors/consensus/module.hpp"
#include "actors/leads/module.hpp"
#include "actors/liquidity/module.hpp"
#include "actors/mechanism_module.hpp"
#include "actors/sports/module.hpp"
#include "actors/trading/module.hpp"

#include <array>

namespace sluice {

/// One line per mechanism.
mechanism_list all_mechanisms() {
  static const std::array all{
    &liquidity_module(), &trading_module(), &leads_module(), &consensus_module(), &sports_module(),
  };
  return all;
}

} // namespace sluice
