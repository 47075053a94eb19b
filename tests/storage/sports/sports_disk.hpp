/// A data folder with the tables of the sports mechanism, and rows to put into it.
#pragma once

#include "storage/data_dir.hpp"
#include "storage/sports/tables.hpp"
#include "tests/storage/temp_folder.hpp"

#include <array>
#include <cstdlib>
#include <map>
#include <string>
#include <utility>

namespace sluice::storage::test {

inline const schema& sports_layout() {
  static const auto whole = schema_with(std::array{sports_schema()});
  return whole;
}

struct sports_disk {
  temp_folder temp;
  data_dir dir = [this] {
    auto opened = data_dir::open(temp / "data", {"0.1.0", 1, ""}, open_mode::create_or_continue,
                                 {.layout = &sports_layout()});
    if (!opened)
      std::abort();
    return *std::move(opened);
  }();
};

/// The rows of a table, by key.
template <class Key, class Value>
std::map<Key, Value> sports_rows_of(const data_dir& dir, const table<Key, Value>& one) {
  std::map<Key, Value> all;
  const auto walked
    = one.for_each(dir, [&](const Key& key, const Value& value) { all.emplace(key, value); });
  return walked ? all : std::map<Key, Value>{};
}

inline stored_prediction
sports_row(uint64_t number, const std::string& game, const std::string& key, nano wager) {
  stored_prediction made;
  made.number = number;
  made.prediction_id = "p" + std::to_string(number);
  made.game_id = game;
  made.key.value = key;
  made.received_us = static_cast<int64_t>(number) * 1000;
  made.odds = 2 * nano_one;
  made.wager = wager;
  return made;
}

} // namespace sluice::storage::test
