/// A plan's metrics and a pool's terms as JSON, the same in every document that has them.
#pragma once

#include "io/text/json_fields.hpp"
#include "rules/liquidity/plan.hpp"
#include "rules/pool/pool_event.hpp"

namespace sluice::io {

/// Values and fees are decimal strings in smallest units, as in plan_metrics; `rewards` only of a
/// staked plan. Errors: none.
json metrics_json(const plan_metrics& x, bool staked);

/// Kind, fees in hundredths of a basis point, tick spacing in ticks, decimals. Errors: none.
json terms_json(const pool_terms& x);

} // namespace sluice::io
