#include "rules/blake2b.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>

namespace sluice {

namespace {

constexpr size_t blake2b_block_bytes = 128;
constexpr size_t blake2b_rounds = 12;

/// RFC 7693 §2.6: the same as SHA-512's.
constexpr std::array<uint64_t, 8> blake2b_start{
  0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
  0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};

/// RFC 7693 §2.7.
constexpr std::array<std::array<uint8_t, 16>, 10> blake2b_order{{
  {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
  {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
  {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
  {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
  {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
  {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
  {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
  {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
  {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
  {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
}};

using blake2b_words = std::array<uint64_t, 16>;

void mix(blake2b_words& v, size_t a, size_t b, size_t c, size_t d, uint64_t x, uint64_t y) {
  v[a] += v[b] + x;
  v[d] = std::rotr(v[d] ^ v[a], 32);
  v[c] += v[d];
  v[b] = std::rotr(v[b] ^ v[c], 24);
  v[a] += v[b] + y;
  v[d] = std::rotr(v[d] ^ v[a], 16);
  v[c] += v[d];
  v[b] = std::rotr(v[b] ^ v[c], 63);
}

/// `hashed`: bytes up to the end of this block, which is filled with zeros.
void compress(std::array<uint64_t, 8>& h, std::string_view block, uint64_t hashed, bool last) {
  blake2b_words m{};
  for (size_t i = 0; i < block.size(); ++i)
    m[i / 8] |= uint64_t{static_cast<uint8_t>(block[i])} << (8 * (i % 8));
  blake2b_words v{};
  std::ranges::copy(h, v.begin());
  std::ranges::copy(blake2b_start, v.begin() + 8);
  v[12] ^= hashed; // below 2^64 bytes: the upper half of the counter is 0
  if (last)
    v[14] = ~v[14];
  for (size_t round = 0; round < blake2b_rounds; ++round) {
    const auto& s = blake2b_order[round % blake2b_order.size()];
    for (size_t i = 0; i < 4; ++i)
      mix(v, i, i + 4, i + 8, i + 12, m[s[2 * i]], m[s[2 * i + 1]]);
    for (size_t i = 0; i < 4; ++i)
      mix(v, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4, m[s[8 + 2 * i]],
          m[s[9 + 2 * i]]);
  }
  for (size_t i = 0; i < h.size(); ++i)
    h[i] ^= v[i] ^ v[i + 8];
}

} // namespace

blake2b_digest blake2b_512(std::string_view bytes) {
  auto h = blake2b_start;
  h[0] ^= 0x01010000U ^ std::tuple_size_v<blake2b_digest>; // no key, 64 bytes
  uint64_t hashed = 0;
  for (; bytes.size() > blake2b_block_bytes; bytes.remove_prefix(blake2b_block_bytes)) {
    hashed += blake2b_block_bytes;
    compress(h, bytes.substr(0, blake2b_block_bytes), hashed, false);
  }
  compress(h, bytes, hashed + bytes.size(), true);
  blake2b_digest digest{};
  for (size_t i = 0; i < digest.size(); ++i)
    digest[i] = static_cast<uint8_t>(h[i / 8] >> (8 * (i % 8)));
  return digest;
}

} // namespace sluice
