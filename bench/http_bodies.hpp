/// What the HTTP benchmark serves: an answer about one miner, and one about 256.
#pragma once

#include <cstdint>
#include <string>

namespace sluice {

inline constexpr const char* small_path = "/api/v1/miners/1/consensus";
inline constexpr const char* large_path = "/api/v1/miners/network-status";

struct bench_bodies {
  std::string small; // below 1 kB
  std::string large; // about 38 kB
};

/// The same bytes every time; numbers as of a network that works.
inline bench_bodies make_bench_bodies() {
  uint64_t state = 1;
  const auto below = [&state](uint64_t bound) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return (state >> 33) % bound;
  };
  const auto fraction = [&](uint64_t of = 1000) { return "0." + std::to_string(100 + below(of)); };
  bench_bodies out;
  out.small
    = R"({"miner_uid":1,"consensus_status":{"miner_uid":1,"hotkey":"5FHneW46xGXgs5mUiveU4sbTy)"
      R"(GBzmstUspZC92UhjJM694ty","ip":"192.0.2.17","port":8091,"is_serving":true,"stake":152)"
      R"(3.25,"performance_score":0.873,"current_load":0.25,"max_capacity":100.0,"available":)"
      R"(true,"task_types":["text","embedding"],"last_seen":1790000000.25},"consensus_confide)"
      R"(nce":0.91,"validator_count":3,"conflict_ratio":0.08,"last_consensus_time":1790000003)"
      R"(.5,"contributing_validators":[3,7,11],"conflicts":[],"consensus_timeout_minutes":5.0)"
      R"(,"is_consensus":true})";
  out.large = R"({"total_miners":256,"consensus_timeout_minutes":5.0,"miners":[)";
  for (int uid = 0; uid < 256; ++uid) {
    if (uid != 0)
      out.large += ',';
    out.large += R"({"uid":)" + std::to_string(uid) + R"(,"available":)"
                 + (below(10) != 0 ? "true" : "false") + R"(,"performance_score":)" + fraction(900)
                 + R"(,"current_load":)" + fraction(500) + R"(,"confidence":)" + fraction(900)
                 + R"(,"validators":)" + std::to_string(1 + below(8)) + R"(,"conflict_ratio":)"
                 + fraction(100) + R"(,"last_seen":)" + std::to_string(1'790'000'000 + below(300))
                 + '}';
  }
  out.large += "]}";
  return out;
}

} // namespace sluice
