/// A data folder of tests and the smallest row that can be in it.
#pragma once

#include "storage/data_dir.hpp"
#include "storage/tables.hpp"
#include "tests/support/layout.hpp"

#include <filesystem>

namespace sluice::storage {

inline const identity who{"0.1.0", 7, "abc"};

inline result<data_dir> open(const std::filesystem::path& path, const identity& as = who) {
  return data_dir::open(path, as, open_mode::create_or_continue,
                        {.layout = &sluice::test::layout()});
}

inline batch one_sheet(uint64_t epoch) {
  batch writes;
  tables::score_sheets.put(writes, "m", {"m", {epoch}, {}, {}});
  return writes;
}

inline uint64_t sheet_of(const data_dir& dir) {
  const auto sheet = tables::score_sheets.get(dir, "m");
  return sheet ? sheet->epoch.value : 0;
}

} // namespace sluice::storage
