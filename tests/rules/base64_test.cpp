#include "rules/base64.hpp"

#include <gtest/gtest.h>

#include <random>

namespace sluice {
namespace {

TEST(base64, reads_what_it_wrote_and_nothing_else) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 chance{seed};
  for (int i = 0; i < 2000; ++i) {
    std::string bytes(chance() % 70, '\0');
    for (auto& c : bytes)
      c = static_cast<char>(chance());
    EXPECT_EQ(base64_bytes(to_base64(bytes)), bytes);
  }
  EXPECT_EQ(to_base64("Man"), "TWFu"); // RFC 4648 and RFC 2045
  EXPECT_EQ(to_base64("Ma"), "TWE=");
  EXPECT_EQ(to_base64("M"), "TQ==");
  EXPECT_EQ(base64_bytes(""), "");
  for (const auto* text : {"A", "AA", "AAA", "TQ=", "TR==", "TWF=", "====", "A===", "TW Fu",
                           "TWFu\n", "TQ==TQ==", "TWF-", "TWF_"})
    EXPECT_FALSE(base64_bytes(text)) << text;
}

} // namespace
} // namespace sluice
