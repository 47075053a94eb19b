#include "rules/api/rates.hpp"

#include "rules/api/key.hpp"

#include <algorithm>

namespace sluice {

namespace {

constexpr uint64_t retry_after_s_max = 86'400;

/// Of a table that meters requests as it meters connections which end at once.
rate_terms request_terms(const rate& x, size_t entries_max) {
  return {{{x, {}, {}}}, 1, entries_max};
}

uint64_t take_one(rate_table& table, const std::string& who, uint64_t now_ms) {
  const auto opened = table.open(who, now_ms);
  if (!opened.allowed)
    return std::max<uint64_t>(1, opened.retry_ms);
  table.close(opened.account, now_ms);
  return 0;
}

} // namespace

api_rates::api_rates(const api_rate_terms& terms)
  : terms_(terms), keys_(request_terms(terms.key, api_keys_max + 2)),
    networks_(request_terms(terms.network, terms.networks_max)) {}

uint64_t api_rates::take_for_key(const std::string& id, uint64_t now_ms) {
  return terms_.key.per_second == 0 ? 0 : take_one(keys_, id, now_ms);
}

uint64_t api_rates::take_for_network(const std::string& network, uint64_t now_ms) {
  return terms_.network.per_second == 0 ? 0 : take_one(networks_, network, now_ms);
}

uint64_t retry_after_s(uint64_t ms) {
  return std::clamp<uint64_t>(ms / 1000 + (ms % 1000 != 0 ? 1 : 0), 1, retry_after_s_max);
}

} // namespace sluice
