/// Which tables a version of the data has, and how an older version becomes the next.
#pragma once

#include "rules/result.hpp"
#include "storage/batch.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::storage {

class data_dir;

/// A table without its types.
struct table_name {
  std::string_view store;
  std::string_view name;
  bool operator==(const table_name&) const = default;
};

/// One step forward. It only reads; what it answers is written in one transaction together with the
/// new schema number, so that it has happened or not.
struct migration {
  uint32_t from = 0;                  // to from + 1
  std::string_view what;              // for the log: "splits the scores by job"
  std::vector<table_name> old_tables; // that the current version no longer has
  std::function<result<batch>(const data_dir&)> step;
};

struct schema {
  uint32_t version = 0;
  std::vector<table_name> tables;
  std::vector<migration> migrations;
};

/// What this program writes: tables.hpp, with the way to it from every older version.
const schema& current_schema();

} // namespace sluice::storage
