#include "sim/evaluate/market.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace sluice {
namespace {

const market_terms saved_market{.pool = {3000, 60, 18, 6}};

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

TEST(market_save, a_loaded_market_goes_on_to_the_byte) {
  chance luck{4};
  for (uint64_t seed = 1; seed <= 12; ++seed) {
    const uint64_t at = luck.below(1500);
    SCOPED_TRACE("seed " + std::to_string(seed) + ", saved before block " + std::to_string(at));
    market m{saved_market, seed};
    for (uint64_t i = 0; i < at; ++i)
      m.next();
    const auto bytes = m.save();
    auto again = market::load(bytes, m.state());
    ASSERT_TRUE(again) << again.error().what;
    EXPECT_EQ(again->save(), bytes);
    EXPECT_EQ(again->next_number(), at);
    EXPECT_EQ(again->terms(), saved_market);
    for (int i = 0; i < 1000; ++i)
      ASSERT_EQ(m.next(), again->next());
    EXPECT_EQ(m.save(), again->save());
  }
}

/// The bytes that versions up to 0.2.0 wrote: another number in the first line, the pool's own
/// bytes in place of its digest, and a checksum that fits.
std::string with_pool_inside(const market& m) {
  auto bytes = m.save();
  bytes[14] = '1';
  bytes.resize(bytes.size() - 16);
  bytes += m.state().save();
  return forged(bytes + std::string(8, '\0'), 0, "");
}

TEST(market_save, does_not_grow_with_what_is_gone) {
  market m{saved_market, 1};
  size_t most = 0;
  for (int i = 0; i < 40'000; ++i) {
    m.next();
    if (i % 1000 == 0)
      most = std::max(most, m.save().size());
  }
  EXPECT_GT(m.state().positions().size(), 100U);
  EXPECT_LT(most, 2500U);
}

TEST(market_save, what_version_0_2_0_wrote_goes_on_to_the_byte) {
  for (uint64_t seed = 1; seed <= 4; ++seed) {
    market m{saved_market, seed};
    for (uint64_t i = 0; i < 400 * seed; ++i)
      m.next();
    const pool nowhere{3000, 60};
    auto again = market::load(with_pool_inside(m), nowhere);
    ASSERT_TRUE(again) << again.error().what;
    EXPECT_EQ(again->state(), m.state());
    for (int i = 0; i < 500; ++i)
      ASSERT_EQ(m.next(), again->next());
    EXPECT_EQ(m.save(), again->save());
  }
}

TEST(market_save, a_pool_that_stands_elsewhere_is_refused) {
  market m{saved_market, 1};
  market other{saved_market, 2};
  for (int i = 0; i < 200; ++i) {
    m.next();
    other.next();
  }
  const auto bytes = m.save();
  const auto before = m.state();
  EXPECT_TRUE(market::load(bytes, before));
  const auto swapped = market::load(bytes, other.state());
  ASSERT_FALSE(swapped);
  EXPECT_EQ(swapped.error().code, ec::corrupt_data);
  while (m.state() == before)
    m.next();
  EXPECT_FALSE(market::load(bytes, m.state()));
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
    const auto cut = market::load(std::string_view{bytes}.substr(0, size), m.state());
    ASSERT_FALSE(cut) << size;
    EXPECT_EQ(cut.error().code, ec::corrupt_data);
  }
  EXPECT_FALSE(market::load(bytes + '\0', m.state()));
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
    ASSERT_FALSE(market::load(bad, m.state())) << "byte " << at;
  }
}

TEST(market_save, values_that_cannot_be_are_refused) {
  market m{saved_market, 1};
  for (int i = 0; i < 20; ++i)
    m.next();
  const auto bytes = m.save();
  constexpr size_t head = 16; // the first line
  const auto with = [&](size_t at, std::string_view value) {
    return market::load(forged(bytes, head + at, value), m.state());
  };
  const std::string zeros(32, '\0');
  EXPECT_TRUE(with(0, std::string_view{"\xb8\x0b\0\0", 4}));  // fee 3000, as it was
  EXPECT_FALSE(with(0, std::string_view{"\xf4\x01\0\0", 4})); // 500: legal, but not the pool's
  EXPECT_FALSE(with(0, "\xff\xff\xff\xff"));
  EXPECT_FALSE(with(4, zeros.substr(0, 4)));   // tick spacing
  EXPECT_FALSE(with(8, "\xff"));               // decimals0
  EXPECT_FALSE(with(10, zeros.substr(0, 8)));  // price
  EXPECT_FALSE(with(66, zeros.substr(0, 8)));  // fundamental
  EXPECT_FALSE(with(74, zeros));               // random state
  EXPECT_FALSE(with(106, "\xff\xff\xff\x7f")); // positions
  EXPECT_FALSE(with(106, zeros.substr(0, 4)));
}

} // namespace
} // namespace sluice
