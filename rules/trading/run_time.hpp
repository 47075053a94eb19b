/// Which moment a step of the trading mechanism has, and whether a run of it ends by itself.
#pragma once

#include "rules/trading/config.hpp"

#include <cstdint>

namespace sluice {

/// Steps have moments of their own, whatever the clock shows: in a generated world, and where `now`
/// is stated, as for a recording.
bool is_stepped(const trading_settings& x);

/// Does it go on without end? Recordings with a moment of their own are over when everything was
/// read and nothing in them lies ahead.
bool is_endless(const trading_settings& x);

/// The moment of step `number` (from 1): so many blocks after the one before it. Microseconds since
/// 1970; saturates at time_us_max.
int64_t
step_moment_us(int64_t start_us, uint64_t number, uint64_t blocks_per_step, uint64_t block_seconds);

/// Has so much time passed since `last_us`? Also when the clock went back. Seconds from 0.
bool is_due(int64_t last_us, int64_t now_us, uint64_t every_s);

} // namespace sluice
