/// A pool's state as a corpus writes it: same keys, same order, big numbers as decimal strings.
#pragma once

#include "io/text/json_fields.hpp"
#include "sim/pool/pool.hpp"

#include <optional>
#include <vector>

namespace sluice::tools {

io::json state_json(const pool& at);
/// A tick that was cleared is all zeros.
io::json tick_json(const pool& at, int32_t tick);
io::json
tick_json(int32_t tick, const tick_info& info, const std::optional<tick_stake>& stake = {});
io::json position_json(const pool& at, const position_key& key);
io::json position_json(const position_key& key, const position_info& info);
/// The words of the tick bitmap that hold an initialized tick, ascending.
io::json bitmap_json(const std::vector<std::pair<int32_t, tick_info>>& ticks, int32_t tick_spacing);
/// What observe() answers for one age.
io::json observe_json(const pool& at, uint32_t seconds_ago, uint32_t now);

io::json amounts_json(const token_amounts& x);
io::json amounts_json(const swap_amounts& x);

} // namespace sluice::tools
