/// Executes the events of a block on a pool, each compared with its record.
#pragma once

#include "sim/evaluate/window.hpp"

namespace sluice {

/// Executes `block.events` on `at` and writes steps and swaps into `into`. On a fault,
/// ec::bad_input, which names the line (or, without one, block and log index), `at` is as it was
/// before and `into` left half-done. The block's time counts modulo 2^32. What an event leaves of a
/// position is forgotten when it is nothing (pool::forget_if_gone). `space` is used meanwhile.
result<nothing> execute_events(const feed_block& block, const pool_terms& terms, pool& at,
                               pool_undo::space& space, block_record& into);

} // namespace sluice
