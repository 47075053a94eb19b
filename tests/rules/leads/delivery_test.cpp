#include "rules/leads/delivery.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

constexpr int64_t delivered_us = 1'767'225'600'000'000; // 2026-01-01T00:00:00Z

lead lead_from(const std::string& email, const std::string& source) {
  lead x;
  x.owner_email = email;
  x.source = source;
  x.curated_by = "whoever the miner likes";
  x.created_at = lead_time::of_whole(1);
  return x;
}

TEST(delivery, attributes_leads_to_the_miner_and_to_who_was_first) {
  const auto known
    = [](const std::string& ident) { return ident == "a@b.test" ? "first" : std::string{}; };
  const auto out = attributed({lead_from("A@b.test", "liar"), lead_from("c@b.test", "stated"),
                               lead_from("d@b.test", ""), lead_from("", "")},
                              {"miner"}, delivered_us, known);
  ASSERT_EQ(out.size(), 4U);
  EXPECT_EQ(out[0].source, "first"); // by the address in lower case
  EXPECT_EQ(out[1].source, "stated");
  EXPECT_EQ(out[2].source, "miner");
  EXPECT_EQ(out[3].source, "miner"); // without an address nobody is asked
  for (const auto& x : out) {
    EXPECT_EQ(x.curated_by, "miner");
    EXPECT_EQ(unix_us(x.created_at), delivered_us);
  }
}

TEST(delivery, leaves_out_what_is_beyond_the_limits) {
  auto large = lead_from("a@b.test", "");
  large.website.assign(leads_limits::text_bytes_max + 1, 'x');
  const auto nobody = [](const std::string&) { return std::string{}; };
  EXPECT_TRUE(attributed({large}, {"miner"}, delivered_us, nobody).empty());
}

} // namespace
} // namespace sluice
