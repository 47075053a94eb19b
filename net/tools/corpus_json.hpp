/// A pool's state as a corpus writes it: same keys, same order, big numbers as decimal strings.
#pragma once

#include "net/files/json_fields.hpp"
#include "sim/pool/pool.hpp"

#include <optional>
#include <vector>

namespace sluice::net {

json state_json(const pool& at);
/// A tick that was cleared is all zeros.
json tick_json(const pool& at, int32_t tick);
json tick_json(int32_t tick, const tick_info& info, const std::optional<tick_stake>& stake = {});
json position_json(const pool& at, const position_key& key);
json position_json(const position_key& key, const position_info& info);
/// The words of the tick bitmap that hold an initialized tick, ascending.
json bitmap_json(const std::vector<std::pair<int32_t, tick_info>>& ticks, int32_t tick_spacing);
/// What observe() answers for one age.
json observe_json(const pool& at, uint32_t seconds_ago, uint32_t now);

json amounts_json(const token_amounts& x);
json amounts_json(const swap_amounts& x);

} // namespace sluice::net
