/// How much a folder holds: rows, bytes, and the room that is left.
#pragma once

#include "storage/data_dir.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sluice::storage {

struct table_size {
  std::string name;
  uint64_t rows = 0;
  uint64_t bytes = 0; // of its pages
};

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
result<uint64_t> free_bytes(const std::filesystem::path& path);

} // namespace sluice::storage
