/// How much a folder holds: rows, bytes, and the space that is left.
#pragma once

#include "storage/data_dir.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sluice::storage {

/// A table's rows (a count) and bytes, as LMDB counts them: whole pages, 0 when it is empty.
/// Errors: none here, those of environment::size.
struct table_size {
  std::string name;
  uint64_t rows = 0;
  uint64_t bytes = 0; // of its pages
};

/// Bytes of one store's file, and a count of readers. file_bytes and used_bytes may differ by pages
/// that are not written yet; used_bytes is at most map_bytes. Errors: none here, those of
/// environment::size.
struct store_size {
  std::string store;
  std::filesystem::path path;
  std::vector<table_size> tables; // by name; empty ones too
  uint64_t file_bytes = 0;        // how long the file is
  uint64_t used_bytes = 0;        // of pages that have ever been used; free ones among them
  uint64_t map_bytes = 0;         // how far it may grow before the map grows
  uint32_t readers = 0;           // slots of reading transactions that are taken
};

/// Bytes that the disk under `path` has left for this user; unreachable with the system's reason.
/// From 0; what is kept for root is left out.
result<uint64_t> free_bytes(const std::filesystem::path& path);

} // namespace sluice::storage
