/// How much of everything the node accepts; one page, every bound named.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sluice::limits {

/// All are the highest that is allowed. A name with bytes, epochs or blocks is in that unit, every
/// other one counts. What is beyond is refused where it is read or checked, with the fault of that
/// place.
inline constexpr size_t miners_max = 4096;        // in the roster
inline constexpr size_t jobs_max = 64;            // per node
inline constexpr size_t job_id_bytes_max = 64;    // also a file-safe name
inline constexpr int32_t tick_max = 887'272;      // and -tick_max: TickMath of Uniswap V3
inline constexpr size_t positions_max = 10;       // per proposal, unless the job states less
inline constexpr size_t refusal_bytes_max = 512;  // longer reasons are invalid
inline constexpr size_t metadata_bytes_max = 256; // version, model_info, each
inline constexpr size_t rebalances_max = 100'000; // per plan
inline constexpr size_t line_bytes_max = 1 << 20; // one line of an input file
inline constexpr size_t file_bytes_max = size_t{4} << 30;    // of one input file
inline constexpr size_t score_age_epochs_max = 3;            // stored scores count this long
inline constexpr uint64_t checkpoint_blocks_max = 1'000'000; // between two questions of a round
inline constexpr uint64_t round_blocks_max = 10'000'000;     // of one round
inline constexpr size_t round_attempts_max = 3;     // restarts of one round before it fails
inline constexpr size_t traced_messages_max = 1000; // kept per actor while it is traced
inline constexpr size_t traced_bytes_max = 400;     // of one message's text

} // namespace sluice::limits
