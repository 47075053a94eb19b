/// Executes the events of a block on a pool, each compared with its record.
#pragma once

#include "sim/evaluate/window.hpp"

namespace sluice {

/// Executes `block.events` on `at` and writes steps and swaps into `into`. On a fault,
/// ec::bad_input, which names the line (or, without one, block and log index), `at` and `into` are
/// left half-done: give copies. The block's time counts modulo 2^32.
result<nothing>
execute_events(const feed_block& block, const pool_terms& terms, pool& at, block_record& into);

} // namespace sluice
