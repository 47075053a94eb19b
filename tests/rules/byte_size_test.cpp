#include "rules/byte_size.hpp"

#include <gtest/gtest.h>

#include <random>

namespace sluice {
namespace {

TEST(byte_size, reads_what_people_write) {
  EXPECT_EQ(parse_byte_size("0"), 0U);
  EXPECT_EQ(parse_byte_size("4096"), 4096U);
  EXPECT_EQ(parse_byte_size("20GB"), 20'000'000'000U);
  EXPECT_EQ(parse_byte_size("20 gb"), 20'000'000'000U);
  EXPECT_EQ(parse_byte_size("512MiB"), 512U << 20);
  EXPECT_EQ(parse_byte_size("1.5TB"), 1'500'000'000'000U);
  EXPECT_EQ(parse_byte_size("0.001kB"), 1U);
  EXPECT_EQ(parse_byte_size("0.5KiB"), 512U);
  EXPECT_EQ(parse_byte_size("1.999kb"), 1999U);
  EXPECT_EQ(parse_byte_size("9223372036854775806"), 9'223'372'036'854'775'806U);
}

TEST(byte_size, refuses_everything_else) {
  for (const auto* text :
       {"", "GB", "-1", "+1", "1.", ".5GB", "1.2345GB", "1 000", "20GBs", "20  GB", "1e9", "0x10",
        "9223372036854775808", "10000000TB", "99999999999999999999", "1.5.5GB", "20GB "})
    EXPECT_FALSE(parse_byte_size(text)) << text;
}

TEST(byte_size, writes_what_it_reads_back_exactly) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 chance{seed};
  for (int i = 0; i < 2000; ++i) {
    auto bytes = chance() >> (1 + chance() % 63);
    if (i % 3 == 0)
      bytes = bytes % 5000 * (i % 2 == 0 ? 1'000'000 : uint64_t{1} << 20);
    EXPECT_EQ(parse_byte_size(byte_size_text(bytes)), bytes) << byte_size_text(bytes);
  }
  EXPECT_EQ(byte_size_text(20'000'000'000), "20GB");
  EXPECT_EQ(byte_size_text(uint64_t{3} << 30), "3GiB");
  EXPECT_EQ(byte_size_text(0), "0");
}

TEST(byte_size, is_shown_with_one_digit) {
  EXPECT_EQ(shown_bytes(999), "999 bytes");
  EXPECT_EQ(shown_bytes(1000), "1.0 kB");
  EXPECT_EQ(shown_bytes(19'560'000'000), "19.5 GB");
  EXPECT_EQ(shown_bytes(uint64_t{1} << 63), "9223372.0 TB");
}

} // namespace
} // namespace sluice
