/// The checksum behind each value of a data folder: a changed byte is a sentence, never a score.
#pragma once

#include "rules/result.hpp"
#include "storage/xxh64.hpp"

#include <cstring>
#include <string_view>

namespace sluice::storage {

/// Bytes behind each value.
inline constexpr size_t row_checksum_bytes = 8;

/// Of a row: XXH64 over its value, seeded by that over its key, seeded by that over its table's
/// name (`table_seed`). So a row that lies under another key or in another table is damage too.
inline uint64_t checksum_of_row(uint64_t table_seed, std::string_view key, std::string_view value) {
  return xxh64(value, xxh64(key, table_seed));
}

/// The seed of a table, by its name. Errors: none.
inline uint64_t table_seed_of(std::string_view table) {
  return xxh64(table);
}

/// The value without its checksum; nothing (a null view) when it is not that of this row.
inline std::string_view
without_checksum(uint64_t table_seed, std::string_view key, std::string_view stored) {
  if (stored.size() < row_checksum_bytes)
    return {};
  const auto value = stored.substr(0, stored.size() - row_checksum_bytes);
  uint64_t written = 0;
  std::memcpy(&written, stored.data() + value.size(), sizeof written);
  return written == checksum_of_row(table_seed, key, value) ? value : std::string_view{};
}

} // namespace sluice::storage
