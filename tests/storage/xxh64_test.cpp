#include "storage/xxh64.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

namespace sluice::storage {
namespace {

/// A second, straight model: the specification word by word, a byte at a time.
uint64_t xxh64_by_bytes(const std::string& text, uint64_t seed) {
  const std::array<uint64_t, 6> p{0,
                                  11400714785074694791U,
                                  14029467366897019727U,
                                  1609587929392839161U,
                                  9650029242287828579U,
                                  2870177450012600261U};
  const auto left = [](uint64_t x, int n) { return x << n | x >> (64 - n); };
  const auto lane = [&text](size_t at, size_t bytes) {
    uint64_t x = 0;
    for (size_t i = bytes; i-- > 0;)
      x = x * 256 + static_cast<unsigned char>(text[at + i]);
    return x;
  };
  const auto mix = [&](uint64_t sum, uint64_t x) { return left(sum + x * p[2], 31) * p[1]; };
  size_t at = 0;
  uint64_t sum = seed + p[5];
  if (text.size() >= 32) {
    uint64_t a = seed + p[1] + p[2], b = seed + p[2], c = seed, d = seed - p[1];
    for (; at + 32 <= text.size(); at += 32) {
      a = mix(a, lane(at, 8));
      b = mix(b, lane(at + 8, 8));
      c = mix(c, lane(at + 16, 8));
      d = mix(d, lane(at + 24, 8));
    }
    sum = left(a, 1) + left(b, 7) + left(c, 12) + left(d, 18);
    for (const auto x : {a, b, c, d})
      sum = (sum ^ mix(0, x)) * p[1] + p[4];
  }
  sum += text.size();
  for (; at + 8 <= text.size(); at += 8)
    sum = left(sum ^ mix(0, lane(at, 8)), 27) * p[1] + p[4];
  if (at + 4 <= text.size()) {
    sum = left(sum ^ lane(at, 4) * p[1], 23) * p[2] + p[3];
    at += 4;
  }
  for (; at < text.size(); ++at)
    sum = left(sum ^ lane(at, 1) * p[5], 11) * p[1];
  sum = (sum ^ sum >> 33) * p[2];
  sum = (sum ^ sum >> 29) * p[3];
  return sum ^ sum >> 32;
}

TEST(xxh64, has_its_published_values) {
  EXPECT_EQ(xxh64(""), 0xef46db3751d8e999U);
  EXPECT_EQ(xxh64("a"), 0xd24ec4f1a98c6e5bU);
  EXPECT_EQ(xxh64("as"), 0x1c330fb2d66be179U);
  EXPECT_EQ(xxh64("asd"), 0x631c37ce72a97393U);
  EXPECT_EQ(xxh64("asdf"), 0x415872f599cea71eU);
  EXPECT_EQ(xxh64("Call me Ishmael. Some years ago--never mind how long precisely-"),
            0x02a2e85470d6fd96U);
  EXPECT_EQ(xxh64("", 2654435761U), 0xac75fda2929b17efU);
}

TEST(xxh64, of_every_length_and_seed_is_that_of_the_specification) {
  const uint64_t seed = 51;
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 chance{seed};
  std::string text;
  for (size_t length = 0; length < 300; ++length) {
    const auto key = chance();
    EXPECT_EQ(xxh64(text, key), xxh64_by_bytes(text, key)) << length;
    EXPECT_EQ(xxh64(text), xxh64_by_bytes(text, 0)) << length;
    text += static_cast<char>(chance() & 0xff);
  }
}

} // namespace
} // namespace sluice::storage
