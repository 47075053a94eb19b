#include "storage/checked_table.hpp"

#include <cstddef>

namespace sluice::storage {

namespace {

constexpr uint64_t fnv_begin = 14'695'981'039'346'656'037U;
constexpr size_t seal_bytes = 8;

void add_to_checksum(uint64_t& hash, std::string_view bytes) {
  for (const char c : bytes) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 1'099'511'628'211U;
  }
}

std::string seal_of(uint64_t checksum) {
  std::string made(seal_bytes, '\0');
  for (size_t i = 0; i < seal_bytes; ++i)
    made[i] = static_cast<char>(checksum >> (8 * i) & 0xff);
  return made;
}

} // namespace

uint64_t row_checksum(std::string_view key, std::string_view value) {
  auto hash = fnv_begin;
  add_to_checksum(hash, seal_of(key.size()));
  add_to_checksum(hash, key);
  add_to_checksum(hash, value);
  return hash;
}

void seal_row(write& x) {
  x.value += seal_of(row_checksum(x.key, x.value));
}

result<std::string_view> unseal_row(std::string_view key, std::string_view value) {
  if (value.size() < seal_bytes)
    return fault{ec::corrupt_data, "the value is cut short: it has no checksum"};
  const auto plain = value.substr(0, value.size() - seal_bytes);
  if (value.substr(plain.size()) != seal_of(row_checksum(key, plain)))
    return fault{ec::corrupt_data, "the value has another checksum than was written with it"};
  return plain;
}

} // namespace sluice::storage
