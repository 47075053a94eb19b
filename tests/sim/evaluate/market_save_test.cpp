#include "sim/evaluate/market.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace sluice {
namespace {

const market_terms saved_market{.pool = {3000, 60, 18, 6}};

TEST(market_save, a_loaded_market_goes_on_to_the_byte) {
  chance luck{4};
  for (uint64_t seed = 1; seed <= 12; ++seed) {
    const uint64_t at = luck.below(1500);
    SCOPED_TRACE("seed " + std::to_string(seed) + ", saved before block " + std::to_string(at));
    market m{saved_market, seed};
    for (uint64_t i = 0; i < at; ++i)
      m.next();
    const auto bytes = m.save();
    auto again = market::load(bytes);
    ASSERT_TRUE(again) << again.error().what;
    EXPECT_EQ(again->save(), bytes);
    EXPECT_EQ(again->next_number(), at);
    EXPECT_EQ(again->terms(), saved_market);
    for (int i = 0; i < 1000; ++i)
      ASSERT_EQ(m.next(), again->next());
    EXPECT_EQ(m.save(), again->save());
  }
}

TEST(market_save, saving_changes_nothing) {
  market a{saved_market, 1};
  market b{saved_market, 1};
  for (int i = 0; i < 300; ++i) {
    EXPECT_FALSE(a.save().empty());
    ASSERT_EQ(a.next(), b.next());
  }
}

TEST(market_save, bytes_that_were_cut_are_refused) {
  market m{saved_market, 1};
  for (int i = 0; i < 20; ++i)
    m.next();
  const auto bytes = m.save();
  for (size_t size = 0; size < bytes.size(); size += size < 200 ? 1 : 97) {
    const auto cut = market::load(std::string_view{bytes}.substr(0, size));
    ASSERT_FALSE(cut) << size;
    EXPECT_EQ(cut.error().code, ec::corrupt_data);
  }
  EXPECT_FALSE(market::load(bytes + '\0'));
}

TEST(market_save, flipped_bits_are_refused) {
  market m{saved_market, 1};
  for (int i = 0; i < 20; ++i)
    m.next();
  const auto bytes = m.save();
  chance luck{8};
  for (int i = 0; i < 500; ++i) {
    auto bad = bytes;
    const auto at = luck.below(bad.size());
    bad[at] = static_cast<char>(bad[at] ^ (1 << luck.below(8)));
    ASSERT_FALSE(market::load(bad)) << "byte " << at;
  }
}

/// The same bytes with another value somewhere, and a checksum that fits.
std::string forged(std::string bytes, size_t at, std::string_view with) {
  bytes.replace(at, with.size(), with);
  bytes.resize(bytes.size() - 8);
  uint64_t sum = 0xcbf29ce484222325;
  for (const char c : bytes)
    sum = (sum ^ static_cast<uint8_t>(c)) * 0x100000001b3;
  for (int i = 0; i < 8; ++i)
    bytes += static_cast<char>(sum >> (8 * i) & 0xff);
  return bytes;
}

TEST(market_save, values_that_cannot_be_are_refused) {
  market m{saved_market, 1};
  for (int i = 0; i < 20; ++i)
    m.next();
  const auto bytes = m.save();
  constexpr size_t head = 16; // the first line
  EXPECT_TRUE(market::load(forged(bytes, head, std::string_view{"\xb8\x0b\0\0", 4})));
  // fee 500: legal, but not the pool's; then the terms themselves, price 0, and so on
  const std::string_view zeros{"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
                               32};
  EXPECT_FALSE(market::load(forged(bytes, head, std::string_view{"\xf4\x01\0\0", 4})));
  EXPECT_FALSE(market::load(forged(bytes, head, "\xff\xff\xff\xff")));       // fee
  EXPECT_FALSE(market::load(forged(bytes, head + 4, zeros.substr(0, 4))));   // tick spacing
  EXPECT_FALSE(market::load(forged(bytes, head + 8, "\xff")));               // decimals0
  EXPECT_FALSE(market::load(forged(bytes, head + 10, zeros.substr(0, 8))));  // price
  EXPECT_FALSE(market::load(forged(bytes, head + 66, zeros.substr(0, 8))));  // fundamental
  EXPECT_FALSE(market::load(forged(bytes, head + 74, zeros)));               // random state
  EXPECT_FALSE(market::load(forged(bytes, head + 106, "\xff\xff\xff\x7f"))); // positions
  EXPECT_FALSE(market::load(forged(bytes, head + 106, zeros.substr(0, 4))));
}

} // namespace
} // namespace sluice
