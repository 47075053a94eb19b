/// A run for people: start, steps, weights, end.
#pragma once

#include "actors/report/page.hpp"
#include "actors/report/run_memory.hpp"

#include <string>

namespace sluice::report {

/// What runs, what it reads from, with which miners, where the state is.
std::string draw_start(const run_memory& memory, const page& on);

/// What every mechanism did, new weights. The memory has taken the step already.
std::string draw_step_done(const step_done& step, const run_memory& memory, const page& on);

/// "weights  epoch 3  block 226  uid 3: …  read back: same, block 230". `block`: of the chain,
/// where it stands now, from 1. Errors: none.
std::string draw_weights(const publish_record& record, uint64_t block, const run_memory& memory,
                         const page& on);

/// Steps, every mechanism's summary, the last weights, where the state is and how to continue.
std::string draw_over(const run_over& last, const run_memory& memory, const page& on);

} // namespace sluice::report
