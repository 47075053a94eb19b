/// Which tables a version of the data has, and how an older version becomes the next.
#pragma once

#include "rules/result.hpp"
#include "storage/batch.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::storage {

class data_dir;

/// Can these bytes be a row of a table? corrupt_data with the reason when they cannot.
using row_check = result<nothing> (*)(std::string_view key, std::string_view value);

/// A table without its types.
struct table_name {
  std::string_view store;
  std::string_view name;
  row_check check = nullptr; // null: its rows have a form that this program does not read any more
  bool operator==(const table_name& other) const {
    return store == other.store && name == other.name;
  }
};

/// One step forward. It only reads; what it answers is written in one transaction together with the
/// new schema number, so that it has happened or not. `from`: a schema version, 1 to the current
/// one minus 1. A fault of `step` is that of data_dir::open.
struct migration {
  uint32_t from = 0;                  // to from + 1
  std::string what;                   // for the log: "splits the scores by job"
  std::vector<table_name> old_tables; // that the current version no longer has
  std::function<result<batch>(const data_dir&)> step;
};

/// `version`: of the tables, from 1 (tables.hpp); a folder with a higher one is not opened. The
/// fault is schema_mismatch.
struct schema {
  uint32_t version = 0;
  std::vector<table_name> tables;
  std::vector<migration> migrations;
};

/// The tables and migrations of one mechanism.
struct schema_part {
  std::vector<table_name> tables;
  std::vector<migration> migrations;
};

/// Tables without their types.
template <class... Tables>
std::vector<table_name> names_of(const Tables&... all) {
  return {table_name{all.store, all.name, &Tables::check_row}...};
}

/// The node's own tables (tables.hpp) and those of mechanisms, with the steps to them from every
/// older version. Steps of several parts from the same version are one step. The version is
/// tables::schema_version. Errors: none.
schema schema_with(std::span<const schema_part> parts);

} // namespace sluice::storage
