/// What a backup of a data folder states about itself: the file MANIFEST, written last.
#pragma once

#include "rules/fields.hpp"
#include "rules/result.hpp"
#include "storage/backup.hpp"
#include "storage/marker.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::storage {

/// A file of a backup. `name`: its path from the backup's folder; `bytes`: its length; `sha256`: of
/// its bytes, 64 hexadecimal digits.
struct manifest_file {
  std::string name;
  uint64_t bytes = 0;
  std::string sha256;
  SLUICE_FIELDS(name, bytes, sha256)
  bool operator==(const manifest_file&) const = default;
};

/// A store of a backup. `commit`: number of the last commit that it took part in (stamp.hpp), 0
/// before schema 5. Rows are counted and summed with the checksums behind their values.
struct manifest_store {
  std::string store;
  uint64_t commit = 0;
  manifest_file file;
  store_digest tables;
  SLUICE_FIELDS(store, commit, file, tables)
  bool operator==(const manifest_store&) const = default;
};

/// `taken_s`: seconds since 1970-01-01 UTC; `commit`: number of the last commit over all stores.
struct backup_manifest {
  int64_t taken_s = 0;
  uint64_t commit = 0;
  marker mark;
  std::vector<manifest_store> stores;
  std::vector<manifest_file> files; // besides the stores
  SLUICE_FIELDS(taken_s, commit, mark, stores, files)
  bool operator==(const backup_manifest&) const = default;
};

/// Lines of text; the last one has the SHA-256 of all before it. No error.
std::string manifest_text(const backup_manifest& x);

/// `name` begins the sentence of a fault: corrupt_data with the number of the line that cannot be
/// read, or that the text is cut short or changed.
result<backup_manifest> parse_manifest(std::string_view text, std::string_view name);

/// Of the backup in `folder`; at most 4 MiB. Faults: as parse_manifest; unreachable when there is
/// none; else what the disk reports.
result<backup_manifest> read_manifest(const std::filesystem::path& folder);

/// Of the file at `path`: its length and SHA-256. `name` is kept as it is. Faults: as disk_fault.
result<manifest_file> look_at_bytes(const std::filesystem::path& path, std::string name);

} // namespace sluice::storage
