/// How many requests the HTTP API takes per key and per network.
#pragma once

#include "rules/miner_gateway/rates.hpp"

#include <cstdint>
#include <string>

namespace sluice {

/// Requests; a rate of 0 per second is no limit. `networks_max`: entries that are kept; further
/// networks share one when none of them is idle.
struct api_rate_terms {
  rate key{};
  rate network{};
  size_t networks_max = 8192;
};

/// A request with a good key is charged to the key alone, any other to the network it came from:
/// neighbours at one address do not pay for each other. Times are milliseconds of a clock that only
/// goes forward. Errors: none.
class api_rates {
public:
  explicit api_rates(const api_rate_terms& terms);

  /// 0 when the request is taken, else the milliseconds until the next one is.
  uint64_t take_for_key(const std::string& id, uint64_t now_ms);
  uint64_t take_for_network(const std::string& network, uint64_t now_ms);

  /// Entries that are kept: at most networks_max and api_keys_max together, and two that are
  /// shared.
  size_t size() const { return keys_.size() + networks_.size(); }

private:
  api_rate_terms terms_;
  rate_table keys_;
  rate_table networks_;
};

/// Seconds for Retry-After: rounded up, 1 to 86'400.
uint64_t retry_after_s(uint64_t ms);

} // namespace sluice
