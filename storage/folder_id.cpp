#include "storage/folder_id.hpp"

#include "storage/xxh64.hpp"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <unistd.h>

namespace sluice::storage {

namespace {

constexpr size_t id_digits = 32;

bool is_low_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

} // namespace

bool is_folder_id(std::string_view text) {
  return text.size() == id_digits && std::all_of(text.begin(), text.end(), is_low_hex);
}

std::string fresh_folder_id() {
  std::array<unsigned char, id_digits / 2> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    const std::array<uint64_t, 2> poor{static_cast<uint64_t>(::getpid()),
                                       reinterpret_cast<uintptr_t>(&bytes)};
    const std::string_view text{reinterpret_cast<const char*>(poor.data()), sizeof poor};
    const std::array<uint64_t, 2> mixed{xxh64(text, 1), xxh64(text, 2)};
    std::memcpy(bytes.data(), mixed.data(), bytes.size());
  }
  constexpr std::string_view digits = "0123456789abcdef";
  std::string id;
  for (const auto byte : bytes) {
    id += digits[byte >> 4U];
    id += digits[byte & 0xfU];
  }
  return id;
}

} // namespace sluice::storage
