/// Is everything in a data folder, or in a copy of one, what it states to be? And how much is it?
#pragma once

#include "rules/fields.hpp"
#include "rules/result.hpp"
#include "storage/folder_set.hpp"
#include "storage/guarded_work.hpp"
#include "storage/manifest.hpp"
#include "storage/schema.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sluice::storage {

/// One thing that is wrong. `store`, `table` and `key` (hexadecimal) are empty where it is wrong as
/// a whole.
struct damage_note {
  std::string store;
  std::string table;
  std::string key;
  std::string what;
  SLUICE_FIELDS(store, table, key, what)
  bool operator==(const damage_note&) const = default;
};

/// A table that has rows: their number, and the bytes of its pages.
struct table_figures {
  std::string name;
  uint64_t rows = 0;
  uint64_t bytes = 0;
  SLUICE_FIELDS(name, rows, bytes)
};

/// Of one store, at one moment. Bytes of its file, and of pages that have ever been used; `commit`:
/// number of the last commit that it took part in, 0 before schema 5; `readers`: slots that are
/// taken.
struct store_figures {
  std::string store;
  std::string folder;
  uint64_t commit = 0;
  uint64_t rows = 0;
  uint64_t file_bytes = 0;
  uint64_t used_bytes = 0;
  uint64_t readers = 0;
  std::vector<table_figures> tables;
  SLUICE_FIELDS(store, folder, commit, rows, file_bytes, used_bytes, readers, tables)
};

/// Of the whole folder. `taken_s`: of a backup, seconds since 1970-01-01 UTC.
struct set_figures {
  marker mark;
  bool backup = false;
  int64_t taken_s = 0;
  uint64_t commit = 0; // of the last commit over all stores; 0 before schema 5
  std::vector<store_figures> stores;
  uint64_t free_bytes = 0; // that the disk has left
  SLUICE_FIELDS(mark, backup, taken_s, commit, stores, free_bytes)
};

/// What is there, by one look at all stores at one moment. Faults: as folder_set.
result<set_figures> look_at_folder(const std::filesystem::path& folder, uint32_t schema_max);

/// What a folder came to as a set: marker, stamps, manifest, names of files. Rows are not read.
struct set_verdict {
  bool opened = false; // all stores could be opened, and the members below are what they state
  marker mark;
  bool backup = false;
  int64_t taken_s = 0;
  uint64_t commit = 0;
  std::vector<damage_note> damage;
  std::vector<std::string> foreign; // files that are not ours
  std::vector<std::string> notes;   // sentences for people
  SLUICE_FIELDS(opened, mark, backup, taken_s, commit, damage, foreign, notes)
};

/// Damage is in the answer; faults: unreachable, bad_input (not a data folder), schema_mismatch,
/// busy, as folder_set.
result<set_verdict> verify_set(const std::filesystem::path& folder, uint32_t schema_max);

/// What one store came to. `damage` has at most a hundred of `damaged`.
struct store_verdict {
  std::string store;
  std::string folder;
  uint64_t commit = 0;
  uint64_t rows = 0;
  uint64_t decoded = 0; // rows that were read as their type
  uint64_t file_bytes = 0;
  uint64_t damaged = 0;
  std::vector<damage_note> damage;
  std::vector<std::string> notes;
  SLUICE_FIELDS(store, folder, commit, rows, decoded, file_bytes, damaged, damage, notes)
};

/// Reads everything of one store: its pages, its lists of free pages, every row with its checksum,
/// and, when `layout` is the folder's schema (`typed`), every row as its type; of a backup the
/// file's bytes, too. `number`: of store_places, from 0. `manifest`: of the backup, or none.
/// Damage is in the answer; faults: busy, unreachable and the like, as the disk reports.
result<store_verdict>
verify_store(const std::filesystem::path& folder, size_t number, const schema& layout, bool typed,
             const std::optional<backup_manifest>& manifest, work_progress& progress);

} // namespace sluice::storage
