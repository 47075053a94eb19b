/// What a node does about the size of its data folder: which stores are worth compacting, and when
/// a person has to decide.
#pragma once

#include "rules/config/storage_settings.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace sluice {

/// One store, in bytes: how long its file is, and how much of that its rows take. The rest is free
/// pages, which later rows use again. Not checked.
struct store_use {
  std::string store;
  uint64_t file_bytes = 0;
  uint64_t live_bytes = 0;
};

/// `compact`: stores by name, the one with most to gain first. `warning`: a sentence, "" when the
/// folder is within its budget or compacting it is enough.
struct budget_plan {
  uint64_t total_bytes = 0;
  std::vector<std::string> compact;
  std::string warning;
};

/// A store is worth compacting when that gives back a tenth of its file, and this much.
inline constexpr uint64_t compaction_gain_min = 1 << 20; // bytes

/// Nothing as long as all files together are within the budget. Beyond it: as few compactions as
/// bring it back, of stores that are worth it. Rows are never a matter of the budget: what may go
/// is stated by keep_rounds and its like, so when rows alone are more than the budget, the warning
/// states by how much and what the operator can do. Errors: none.
budget_plan plan_budget(std::span<const store_use> stores, const storage_settings& settings);

} // namespace sluice
