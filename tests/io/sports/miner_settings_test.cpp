// What a miner of sports is run with, by keys and by the names of the original.
#include "io/sports/miner_settings.hpp"
#include "io/sports/original_names.hpp"

#include <gtest/gtest.h>

namespace {

using namespace sluice;
using namespace sluice::io;

std::vector<setting_override> miner_typed(const std::vector<std::string>& texts) {
  std::vector<setting_override> all;
  for (const auto& text : texts)
    all.push_back(*parse_override(text));
  return all;
}

TEST(sports_miner_settings, are_read_by_their_keys) {
  const auto usual = read_sports_miner_settings({});
  ASSERT_TRUE(usual);
  EXPECT_EQ(*usual, sports_miner_settings{});
  const auto set
    = read_sports_miner_settings(miner_typed({"heartbeat_s=10", "wager_min=0.5", "games_s=60"}));
  ASSERT_TRUE(set) << set.error().what;
  EXPECT_EQ(set->heartbeat_s, 10U);
  EXPECT_EQ(set->games_s, 60U);
  EXPECT_EQ(set->wager_min, nano_one / 2);
}

TEST(sports_miner_settings, are_checked) {
  const auto wrong = read_sports_miner_settings(miner_typed({"heartbeat_s=0"}));
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().what,
            "--set heartbeat_s: heartbeat_s: expected an integer from 1 to 3600, got 0");
  EXPECT_FALSE(read_sports_miner_settings(miner_typed({"heart_s=1"})));
  EXPECT_FALSE(read_sports_miner_settings(miner_typed({"wager_min=0"})));
}

TEST(sports_miner_settings, have_the_usual_values_of_the_original) {
  size_t keys = 0;
  for (const auto& x : sports_original_names()) {
    if (x.place != original_place::miner || x.key.empty() || x.key.starts_with("--"))
      continue;
    ++keys;
    const std::vector set{override_of(x, "", x.usual, false)};
    const auto made = read_sports_miner_settings(set);
    ASSERT_TRUE(made) << x.flag << ": " << made.error().what;
    EXPECT_EQ(*made, sports_miner_settings{}) << x.flag;
    const auto other = read_sports_miner_settings(std::vector{override_of(x, "", "7", false)});
    ASSERT_TRUE(other) << x.flag;
    EXPECT_NE(*other, sports_miner_settings{}) << x.flag;
  }
  EXPECT_EQ(keys, 6U);
}

} // namespace
