#include "rules/sports/publish_due.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>

namespace sluice {

namespace {

constexpr double threshold_slack = 1e-12;

weight_change change_of(double l1) {
  return {l1, l1 / 2};
}

} // namespace

weight_change change_between(std::span<const double> before, std::span<const double> now) {
  double sum = 0;
  for (size_t i = 0; i < std::max(before.size(), now.size()); ++i)
    sum += std::abs((i < now.size() ? now[i] : 0) - (i < before.size() ? before[i] : 0));
  return change_of(sum);
}

weight_change
change_between(const std::map<miner_uid, double>& before, const std::map<miner_uid, double>& now) {
  double sum = 0;
  for (const auto& [uid, weight] : now) {
    const auto at = before.find(uid);
    sum += std::abs(weight - (at == before.end() ? 0 : at->second));
  }
  for (const auto& [uid, weight] : before)
    sum += now.contains(uid) ? 0 : std::abs(weight);
  return change_of(sum);
}

bool is_significant(const weight_change& x, double threshold) {
  return x.total_variation >= threshold - threshold_slack;
}

std::string publish_reason(const publish_moment& x, const sports_settings& rules) {
  if (x.now_vector.empty() || x.under_way)
    return {};
  const auto last = x.failed_since ? last_block_after_failure(x.last_block, rules.weights_blocks,
                                                              rules.retry_blocks)
                                   : x.last_block;
  if (x.last_block != 0 && !blocks_are_due(x.block, last, rules.weights_blocks))
    return {};
  if (x.failed_since)
    return "retry";
  if (!x.last_ms)
    return "first";
  const auto change = change_between(x.published, x.now_vector);
  if (is_significant(change, rules.change_threshold)) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "change %.4f", change.total_variation);
    return text.data();
  }
  return x.now_ms >= *x.last_ms + rules.weights_s * 1000 ? "timer" : "";
}

} // namespace sluice
