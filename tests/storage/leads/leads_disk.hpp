/// A data folder with the tables of the leads mechanism, and leads to put into it.
#pragma once

#include "storage/leads/tables.hpp"
#include "tests/storage/temp_folder.hpp"

#include <array>
#include <cstdlib>
#include <map>
#include <string>
#include <utility>

namespace sluice::storage::test {

inline const schema& leads_layout() {
  static const auto whole = schema_with(std::array{leads_schema()});
  return whole;
}

struct leads_disk {
  temp_folder temp;
  data_dir dir = [this] {
    auto opened = data_dir::open(temp / "data", {"0.1.0", 1, ""}, open_mode::create_or_continue,
                                 {.layout = &leads_layout()});
    if (!opened)
      std::abort();
    return *std::move(opened);
  }();
};

inline lead stored_lead(const std::string& id, const std::string& source,
                        const std::string& curator, int64_t unix_s) {
  lead x;
  x.id = id;
  x.source = source;
  x.curated_by = curator;
  x.conversion_score = 0.5;
  x.created_at = lead_time::of_whole(unix_s);
  return x;
}

/// The rows of a table, by key.
template <class Key, class Value>
std::map<Key, Value> rows_of(const data_dir& dir, const table<Key, Value>& one) {
  std::map<Key, Value> all;
  const auto walked
    = one.for_each(dir, [&](const Key& key, const Value& value) { all.emplace(key, value); });
  return walked ? all : std::map<Key, Value>{};
}

} // namespace sluice::storage::test
