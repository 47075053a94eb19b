#include "storage/xxh64.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstring>

namespace sluice::storage {

namespace {

constexpr uint64_t prime1 = 0x9E3779B185EBCA87U;
constexpr uint64_t prime2 = 0xC2B2AE3D27D4EB4FU;
constexpr uint64_t prime3 = 0x165667B19E3779F9U;
constexpr uint64_t prime4 = 0x85EBCA77C2B2AE63U;
constexpr uint64_t prime5 = 0x27D4EB2F165667C5U;
constexpr size_t stripe_bytes = 32;

static_assert(std::endian::native == std::endian::little, "read_lane takes bytes as they lie");

template <class T>
uint64_t read_lane(const char* at) {
  T x{};
  std::memcpy(&x, at, sizeof x);
  return x;
}

uint64_t round_of(uint64_t sum, uint64_t lane) {
  return std::rotl(sum + lane * prime2, 31) * prime1;
}

uint64_t merged(uint64_t sum, uint64_t lane) {
  return (sum ^ round_of(0, lane)) * prime1 + prime4;
}

} // namespace

uint64_t xxh64(std::string_view bytes, uint64_t seed) {
  const char* at = bytes.data();
  size_t left = bytes.size();
  uint64_t sum = seed + prime5;
  if (left >= stripe_bytes) {
    std::array<uint64_t, 4> sums{seed + prime1 + prime2, seed + prime2, seed, seed - prime1};
    for (; left >= stripe_bytes; left -= stripe_bytes, at += stripe_bytes)
      for (size_t i = 0; i < sums.size(); ++i)
        sums[i] = round_of(sums[i], read_lane<uint64_t>(at + 8 * i));
    sum = std::rotl(sums[0], 1) + std::rotl(sums[1], 7) + std::rotl(sums[2], 12)
          + std::rotl(sums[3], 18);
    for (const auto one : sums)
      sum = merged(sum, one);
  }
  sum += bytes.size();
  for (; left >= 8; left -= 8, at += 8)
    sum = std::rotl(sum ^ round_of(0, read_lane<uint64_t>(at)), 27) * prime1 + prime4;
  if (left >= 4) {
    sum = std::rotl(sum ^ (read_lane<uint32_t>(at) * prime1), 23) * prime2 + prime3;
    left -= 4;
    at += 4;
  }
  for (; left > 0; --left, ++at)
    sum = std::rotl(sum ^ (read_lane<uint8_t>(at) * prime5), 11) * prime1;
  sum = (sum ^ (sum >> 33)) * prime2;
  sum = (sum ^ (sum >> 29)) * prime3;
  return sum ^ (sum >> 32);
}

} // namespace sluice::storage
