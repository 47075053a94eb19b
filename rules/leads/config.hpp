/// What the leads mechanism is configured with.
#pragma once

#include "rules/fields.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// How tallies become shares (rules/leads/shares.hpp). Numbers are stored and travel.
enum class share_policy : uint8_t {
  ratio = 0, // w_curated * curated / all curated + w_sourced * sourced / all sourced, normalised
  raw,       // w_curated * curated + w_sourced * sourced, normalised
  v2,        // 0.10 K + 0.45 S + 0.45 C over all of history, normalised
};
constexpr bool known(share_policy x) {
  switch (x) {
  case share_policy::ratio:
  case share_policy::raw:
  case share_policy::v2:
    return true;
  }
  return false;
}

/// "ratio", "raw", "v2"
constexpr std::string_view name_of(share_policy x) {
  switch (x) {
  case share_policy::ratio:
    return "ratio";
  case share_policy::raw:
    return "raw";
  case share_policy::v2:
    break;
  }
  return "v2";
}

/// Names end in their unit: s seconds, days of 86400 s. Ranges are checked where a configuration is
/// read. Source of the defaults: facts/mechanisms B1, B2, B3.6 to B3.9.
struct leads_settings {
  std::string project = "sluice"; // whose records these are, for the log; 1 to 128 bytes
  std::string network = "dev";    // of the chain, for the log; 1 to 128 bytes
  uint64_t netuid = 1;            // 0 to 65535
  uint64_t window_days = 30;      // 1 to 3650
  double w_curated = 0.6;         // 0 to 1; one of the two is above 0
  double w_sourced = 0.4;         // 0 to 1
  share_policy policy = share_policy::ratio;
  std::string k_miner;        // of v2; "": the last one whose lead was taken
  double emission = 100;      // of v2, no unit, above 0
  uint64_t interval_s = 3600; // after a success, 1 to 86400
  std::vector<uint64_t> retry_s{600, 1200, 2400, 3600}; // after failures in a row; the last goes on
  uint64_t publish_bound_s = 120;        // an attempt is not waited for longer, 1 to 3600
  uint64_t rate_limit_blocks = 100;      // of the chain, between two publishes
  uint64_t block_seconds = 12;           // of the chain, 1 to 3600
  uint64_t miner_deadline_s = 85;        // to answer a request, 1 to 600
  uint64_t fallback_polls = 40;          // for answers of miners that poll, 0 to 1000
  uint64_t fallback_poll_s = 5;          // between two of them, 1 to 60
  uint64_t poll_batch = 250;             // prospects taken at a time, 1 to 1000
  uint64_t idle_s = 1;                   // when there were none, 1 to 3600
  std::vector<std::string> rank_command; // program and arguments; empty: by conversion_score
  uint64_t rank_deadline_s = 30;         // for that program, 1 to 600
  std::string disposable_domains;        // a file; "": the list of the program
  SLUICE_FIELDS(project, network, netuid, window_days, w_curated, w_sourced, policy, k_miner,
                emission, interval_s, retry_s, publish_bound_s, rate_limit_blocks, block_seconds,
                miner_deadline_s, fallback_polls, fallback_poll_s, poll_batch, idle_s, rank_command,
                rank_deadline_s, disposable_domains)
  bool operator==(const leads_settings&) const = default;
};

} // namespace sluice
