#include "io/liquidity/metrics_json.hpp"

namespace sluice::io {

json metrics_json(const plan_metrics& x, bool staked) {
  json out{{"initial_value", to_string(x.initial_value)},
           {"final_value", to_string(x.final_value)},
           {"hodl_value", to_string(x.hodl_value)},
           {"fees0", to_string(x.fees0)},
           {"fees1", to_string(x.fees1)},
           {"fees_value", to_string(x.fees_value)},
           {"impermanent_loss", x.impermanent_loss},
           {"net_pnl_vs_hodl", to_string(x.net_pnl_vs_hodl)},
           {"in_range_ratio", x.in_range_ratio},
           {"rebalances", x.rebalances}};
  if (staked)
    out["rewards"] = to_string(x.rewards);
  return out;
}

json terms_json(const pool_terms& x) {
  return {{"kind", x.kind == pool_kind::slipstream ? "slipstream" : "uniswap"},
          {"fee", x.fee},
          {"unstaked_fee", x.unstaked_fee},
          {"tick_spacing", x.tick_spacing},
          {"decimals0", x.decimals0},
          {"decimals1", x.decimals1}};
}

} // namespace sluice::io
