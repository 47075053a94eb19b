/// A pool's state as a corpus writes it: same keys, same order, big numbers as decimal strings.
#pragma once

#include "io/text/json_fields.hpp"
#include "sim/pool/pool.hpp"

#include <optional>
#include <vector>

namespace sluice::tools {

/// Prices Q64.96, fees in smallest units, fee growths Q128.128. Errors: none.
io::json state_json(const pool& at);
/// A tick that was cleared is all zeros. `tick`: -887272 to 887272, not checked.
io::json tick_json(const pool& at, int32_t tick);
/// `tick`: as above; liquidity as decimal texts, growth Q128.128. Errors: none.
io::json
tick_json(int32_t tick, const tick_info& info, const std::optional<tick_stake>& stake = {});
io::json position_json(const pool& at, const position_key& key);
io::json position_json(const position_key& key, const position_info& info);
/// The words of the tick bitmap that hold an initialized tick, ascending. `tick_spacing`: from 1;
/// not 0, which is not checked.
io::json bitmap_json(const std::vector<std::pair<int32_t, tick_info>>& ticks, int32_t tick_spacing);
/// What observe() answers for one age. `seconds_ago` and `now` are seconds of block time, `now`
/// since 1970; a revert such as OLD is in the answer. Errors: none other.
io::json observe_json(const pool& at, uint32_t seconds_ago, uint32_t now);

/// In smallest units of token0 and token1, from 0. Errors: none.
io::json amounts_json(const token_amounts& x);
/// The pool's view: positive into the pool, negative out of it. Errors: none.
io::json amounts_json(const swap_amounts& x);

} // namespace sluice::tools
