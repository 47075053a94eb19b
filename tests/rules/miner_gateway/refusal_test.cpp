#include "rules/miner_gateway/refusal.hpp"

#include <gtest/gtest.h>

#include <set>

namespace sluice {

namespace {

TEST(refusal, every_reason_has_a_name_of_its_own) {
  std::set<std::string_view> names;
  for (const auto name : gateway_reason_names) {
    EXPECT_FALSE(name.empty());
    EXPECT_TRUE(names.insert(name).second) << name;
  }
  EXPECT_EQ(gateway_reason_names.size(), static_cast<size_t>(gateway_reason::foreign_origin) + 1);
}

TEST(refusal, names_stand_at_their_reasons) {
  EXPECT_EQ(to_string(gateway_reason::malformed), "malformed");
  EXPECT_EQ(to_string(gateway_reason::wrong_signature_kind), "wrong_signature_kind");
  EXPECT_EQ(to_string(gateway_reason::no_key), "no_key");
  EXPECT_EQ(to_string(gateway_reason::clock_skew), "clock_skew");
  EXPECT_EQ(to_string(gateway_reason::too_fast), "too_fast");
  EXPECT_EQ(to_string(gateway_reason::closing), "closing");
}

TEST(refusal, every_reason_comes_with_what_to_do) {
  for (size_t i = 0; i < gateway_reason_names.size(); ++i) {
    const auto what = advice(static_cast<gateway_reason>(i));
    EXPECT_GE(what.size(), 20U) << gateway_reason_names[i];
    EXPECT_NE(what.back(), '.') << gateway_reason_names[i]; // it stands inside a sentence
  }
}

} // namespace

} // namespace sluice
