/// Everything that a data folder holds, row by row, to be compared with another.
#pragma once

#include "storage/consensus/steps.hpp"
#include "storage/data_dir.hpp"
#include "storage/liquidity/tables.hpp"
#include "storage/tables.hpp"
#include "tests/support/layout.hpp"

#include <map>
#include <string>
#include <vector>

namespace sluice::test {

/// "table key" -> bytes of the value.
using table_rows = std::map<std::string, std::string>;

/// A restart may change how often a round was started and how many reports came again, and on real
/// clocks how long an answer took. Checked by tests of their own, left out here. A table that
/// cannot be read is a row "! NAME".
inline table_rows rows_of(const storage::data_dir& disk) {
  table_rows all;
  for (const auto& table : layout().tables) {
    const auto name = table.name; // clang 14 lets no lambda take a structured binding
    const auto* env = disk.find_store(table.store);
    const bool rounds = name == storage::tables::rounds.name;
    const bool predictions = name == storage::tables::predictions.name;
    const bool intake = name == storage::tables::consensus_status.name;
    const bool journal = name == storage::tables::journal.name || name == "applied";
    // Predictions that were refused before a kill come again, and are counted again.
    const bool counts = name == "sports_numbers" || name == "sports_stats";
    if (!env || journal || counts) // the journal counts commits, not what is in them
      continue;
    const auto walked = env->scan(name, {}, [&](std::string_view key, std::string_view value) {
      std::string bytes{value};
      if (rounds) {
        auto row = storage::decode<round_record>(value);
        row->attempts = 0;
        bytes = storage::encode(*row);
      } else if (predictions) {
        auto row = storage::decode<prediction>(value);
        row->response_us = 0;
        bytes = storage::encode(*row);
      } else if (intake) {
        auto row = storage::decode<intake_status>(value);
        row->refused.clear();
        row->latency = {};
        bytes = storage::encode(*row);
      }
      all[std::string{name} + ' ' + storage::to_hex(key)] = std::move(bytes);
      return true;
    });
    if (!walked)
      all["! " + std::string{name}] = walked.error().what;
  }
  return all;
}

/// The first row that differs, as text; "" when none does.
inline std::string first_other_row(const table_rows& expected, const table_rows& got) {
  for (const auto& [key, value] : expected) {
    const auto i = got.find(key);
    if (i == got.end())
      return key + ": missing";
    if (i->second != value)
      return key + ": differs";
  }
  for (const auto& [key, value] : got)
    if (!expected.contains(key))
      return key + ": should not be there";
  return "";
}

} // namespace sluice::test
