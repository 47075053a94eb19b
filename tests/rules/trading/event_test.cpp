#include "rules/trading/event.hpp"
#include "tests/rules/trading/some_events.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

trading_event good_event() {
  trading_event x;
  x.coldkey = test::some_key(1);
  x.hotkey = test::some_key(2);
  x.extrinsic = "5200010-0001";
  x.time_us = test::april_2025_us;
  x.netuid = 3;
  x.tao = 2'500'000'000;
  x.alpha = 125'000'000'000;
  return x;
}

TEST(trading_event, words_of_both_providers_are_understood_in_any_case) {
  for (const auto* word : {"DELEGATE", "delegate", "StakeAdded", "STAKE_ADDED", "stake"})
    EXPECT_EQ(parse_stake_action(word), stake_action::stake) << word;
  for (const auto* word : {"UNDELEGATE", "Undelegate", "StakeRemoved", "stake_removed", "unstake"})
    EXPECT_EQ(parse_stake_action(word), stake_action::unstake) << word;
  for (const auto* word : {"", "StakeMoved", "DELEGATE ", "delegated"})
    EXPECT_EQ(parse_stake_action(word), std::nullopt) << word;
  EXPECT_EQ(parse_stake_action(std::string(1'000'000, 'a')), std::nullopt);
}

TEST(trading_event, a_good_one_has_no_reason_against_it) {
  EXPECT_EQ(rejection_of(good_event()), row_rejection::none);
}

TEST(trading_event, the_first_reason_that_fits_is_given) {
  auto x = good_event();
  x.hotkey = "5short";
  EXPECT_EQ(rejection_of(x), row_rejection::key);
  x.index = UINT32_MAX;
  EXPECT_EQ(rejection_of(x), row_rejection::extrinsic);
  x.extrinsic = std::string(extrinsic_bytes_max + 1, 'x');
  EXPECT_EQ(rejection_of(x), row_rejection::extrinsic);
  x.tao = amount_max + 1;
  EXPECT_EQ(rejection_of(x), row_rejection::amount);
  x.action = static_cast<stake_action>(7);
  EXPECT_EQ(rejection_of(x), row_rejection::action);
  x.time_us = -1;
  EXPECT_EQ(rejection_of(x), row_rejection::timestamp);
  x.netuid = 0;
  EXPECT_EQ(rejection_of(x), row_rejection::netuid);
}

TEST(trading_event, a_fee_is_part_of_what_an_unstake_brings) {
  auto x = good_event();
  x.fee = x.tao + 1;
  EXPECT_EQ(rejection_of(x), row_rejection::none); // of a stake it comes on top
  x.action = stake_action::unstake;
  EXPECT_EQ(rejection_of(x), row_rejection::amount);
  x.fee = -1;
  EXPECT_EQ(rejection_of(x), row_rejection::amount);
}

TEST(trading_event, a_key_has_48_letters_of_base58_and_begins_with_5) {
  EXPECT_TRUE(looks_like_a_key("5HcbkauBXRYKVbpgKBRTCuQb9avMHAp9QCuzkdNR8oQ4Fgrx"));
  EXPECT_FALSE(looks_like_a_key("4HcbkauBXRYKVbpgKBRTCuQb9avMHAp9QCuzkdNR8oQ4Fgrx"));
  EXPECT_FALSE(looks_like_a_key("5HcbkauBXRYKVbpgKBRTCuQb9avMHAp9QCuzkdNR8oQ4Fgr"));
  for (const char bad : {'0', 'O', 'I', 'l', ' ', '+'})
    EXPECT_FALSE(
      looks_like_a_key("5HcbkauBXRYKVbpgKBRTCuQb9avMHAp9QCuzkdNR8oQ4Fgr" + std::string{bad}));
}

TEST(trading_event, stakes_come_before_unstakes_of_the_same_time) {
  auto a = good_event();
  auto b = good_event();
  a.action = stake_action::unstake;
  a.extrinsic = "1";
  EXPECT_TRUE(in_ledger_order(b, a) < 0);
  b.time_us += 1;
  EXPECT_TRUE(in_ledger_order(a, b) < 0);
}

TEST(trading_event, every_reason_has_a_name) {
  EXPECT_EQ(name_of(row_rejection::none), "");
  for (size_t i = 1; i < row_rejections; ++i)
    EXPECT_FALSE(name_of(static_cast<row_rejection>(i)).empty());
}

} // namespace
} // namespace sluice
