#include "rules/config/storage_budget.hpp"

#include "rules/byte_size.hpp"

#include <algorithm>
#include <iterator>

namespace sluice {

namespace {

uint64_t compaction_gain(const store_use& x) {
  return x.file_bytes - std::min(x.file_bytes, x.live_bytes);
}

bool worth_compacting(const store_use& x) {
  return compaction_gain(x) >= compaction_gain_min && compaction_gain(x) >= x.file_bytes / 10;
}

std::string over_budget(uint64_t live, const storage_settings& settings) {
  std::string advice;
  if (settings.keep_rounds == 0)
    advice = "let it keep fewer rounds (storage.keep_rounds)";
  else
    advice = "let it keep fewer than " + std::to_string(settings.keep_rounds)
             + " rounds (storage.keep_rounds)";
  return "the data folder has " + shown_bytes(live) + " of rows, its budget is "
         + shown_bytes(settings.budget_bytes) + ": " + advice
         + " or raise storage.budget; nothing is removed that is to be kept";
}

} // namespace

budget_plan plan_budget(std::span<const store_use> stores, const storage_settings& settings) {
  budget_plan plan;
  uint64_t live = 0;
  for (const auto& x : stores) {
    plan.total_bytes += x.file_bytes;
    live += std::min(x.live_bytes, x.file_bytes);
  }
  if (settings.budget_bytes == 0 || plan.total_bytes <= settings.budget_bytes)
    return plan;
  std::vector<store_use> worth;
  std::ranges::copy_if(stores, std::back_inserter(worth), worth_compacting);
  std::ranges::stable_sort(worth, [](const store_use& a, const store_use& b) {
    return compaction_gain(a) > compaction_gain(b);
  });
  auto left = plan.total_bytes;
  for (const auto& x : worth) {
    if (left <= settings.budget_bytes)
      break;
    left -= compaction_gain(x);
    plan.compact.push_back(x.store);
  }
  if (live > settings.budget_bytes)
    plan.warning = over_budget(live, settings);
  return plan;
}

} // namespace sluice
