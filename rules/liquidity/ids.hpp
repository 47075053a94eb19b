/// The liquidity mechanism's identifiers.
#pragma once

#include "rules/ids.hpp"

namespace sluice {

/// Unique text, [a-z0-9._-]{1,64}.
using job_id = id<struct job_id_tag, std::string>;
/// Number of a round of one job, from 0: block / blocks per round.
using round_no = id<struct round_no_tag, uint64_t>;

} // namespace sluice
