/// A data folder of tests and the smallest row that can be in it.
#pragma once

#include "storage/data_dir.hpp"
#include "storage/tables.hpp"
#include "tests/storage/layout.hpp"

#include <filesystem>

namespace sluice::storage {

inline const identity who{"0.1.0", 7, "abc"};

inline result<data_dir> open(const std::filesystem::path& path, const identity& as = who) {
  return data_dir::open(path, as, open_mode::create_or_continue, {.layout = &test::layout()});
}

inline batch scores_batch(uint64_t epoch) {
  batch writes;
  tables::scores_of_mechanisms.put(writes, "m", {"m", {epoch}, {}, {}});
  return writes;
}

inline uint64_t stored_epoch(const data_dir& dir) {
  const auto scores = tables::scores_of_mechanisms.get(dir, "m");
  return scores ? scores->epoch.value : 0;
}

} // namespace sluice::storage
