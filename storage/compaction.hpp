/// What replacing a store's file by one without free pages came to.
#pragma once

#include "rules/fields.hpp"
#include "rules/result.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace sluice::storage {

/// Bytes of the file before and after; `after_bytes` may be the larger one by a few pages when
/// there was nothing to gain. Not checked.
struct compaction {
  std::string store;
  uint64_t before_bytes = 0;
  uint64_t after_bytes = 0;
  SLUICE_FIELDS(store, before_bytes, after_bytes)
  bool operator==(const compaction&) const = default;
};

/// Where the copy of a store grows before it takes the store's place, beside it.
std::filesystem::path compaction_place(const std::filesystem::path& store);

/// Takes away what a compaction that was cut off has left beside the stores of a data folder: an
/// unfinished copy, or the file that was replaced. Only for whoever holds the folder's lock; errors
/// are left to the next time. Answers how many there were.
uint32_t remove_cut_off_compactions(const std::filesystem::path& folder);

} // namespace sluice::storage
