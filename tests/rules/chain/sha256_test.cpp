#include "rules/chain/sha256.hpp"

#include <gtest/gtest.h>

namespace sluice {

namespace {

TEST(sha256, agrees_with_the_examples_of_fips_180) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256_hex(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(sha256, of_every_length_around_a_block_agrees_with_python) {
  std::string all;
  for (size_t length = 0; length <= 200; ++length) {
    std::string bytes;
    for (size_t i = 0; i < length; ++i)
      bytes += static_cast<char>((i * 7 + length) & 0xff);
    all += sha256_hex(bytes);
  }
  EXPECT_EQ(sha256_hex(all), "de444fd33c2915b23d3772a4de9aa249a9206ee2f93688a74e332e160c085f41");
}

TEST(sha256, digest_and_hex_are_the_same) {
  const auto digest = sha256("abc");
  EXPECT_EQ(digest.front(), 0xba);
  EXPECT_EQ(digest.back(), 0xad);
}

} // namespace

} // namespace sluice
