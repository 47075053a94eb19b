#include "rules/consensus/reputation.hpp"
#include "tests/support/consensus_reports.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

consensus_record merged_record() {
  consensus_record x;
  x.state = consensus_state::agreed;
  x.status = test::full_status(7, "h", 1000, true);
  return x;
}

TEST(reputation, compares_numbers_within_a_tolerance_and_the_rest_exactly) {
  auto x = test::full_status(7, "h", 1000, true);
  const auto all = agreement_with(x, merged_record(), 0.1);
  EXPECT_EQ(all.agreed, 8U); // hotkey, four numbers, is_serving, ip, port
  EXPECT_EQ(all.differed, 0U);
  x.stake = 1100; // 9.1 % of the larger one
  x.is_serving = false;
  const auto some = agreement_with(x, merged_record(), 0.1);
  EXPECT_EQ(some.agreed, 7U);
  EXPECT_EQ(some.differed, 1U);
  x.hotkey = "other";
  EXPECT_EQ(agreement_with(x, merged_record(), 0.1).agreed, 0U); // about another miner
  auto alone = merged_record();
  alone.state = consensus_state::pending;
  EXPECT_EQ(agreement_with(x, alone, 0.1).differed, 0U);
}

TEST(reputation, moves_slowly_and_stays_within_bounds) {
  weight_terms terms;
  validator_history x;
  count_agreement(x, {1, 1}, terms);
  EXPECT_DOUBLE_EQ(x.reputation, 0.995);
  count_agreement(x, {}, terms); // nothing to compare with
  EXPECT_DOUBLE_EQ(x.reputation, 0.995);
  for (int i = 0; i < 2000; ++i)
    count_agreement(x, {0, 9}, terms);
  EXPECT_DOUBLE_EQ(x.reputation, terms.lowest);
  for (int i = 0; i < 2000; ++i)
    count_agreement(x, {9, 0}, terms);
  EXPECT_NEAR(x.reputation, 1, 1e-6);
  count_contradiction(x, terms);
  EXPECT_NEAR(x.reputation, 0.5, 1e-6);
  EXPECT_EQ(x.contradictions, 1U);
}

TEST(reputation, moves_thresholds_between_their_bounds_only_when_it_is_switched_on) {
  consensus_settings settings;
  EXPECT_DOUBLE_EQ(thresholds_of(0, settings).vote_share, 0.6);
  settings.weights.reputation = true;
  EXPECT_DOUBLE_EQ(thresholds_of(1, settings).vote_share, 0.6);
  EXPECT_DOUBLE_EQ(thresholds_of(0, settings).vote_share, 0.75);
  EXPECT_DOUBLE_EQ(thresholds_of(0, settings).max_conflict, 0.15);
  EXPECT_DOUBLE_EQ(thresholds_of(0.5, settings).max_conflict, 0.225);
  EXPECT_DOUBLE_EQ(thresholds_of(-3, settings).vote_share, 0.75);
}

TEST(reputation, of_a_validator_that_contradicts_the_others_falls_in_a_book) {
  consensus_settings settings;
  settings.weights.reputation = true;
  report_book book{settings};
  for (uint64_t i = 0; i < 200; ++i)
    for (const uint16_t validator : {1, 2, 3, 4}) {
      auto x = test::full_status(7, "h", validator == 4 ? 9000 : 1000, validator != 4);
      x.current_load = validator == 4 ? 0 : 3;
      test::put_into(book, test::report_of(validator, test::report_time_ms + i * 1000, {x}));
    }
  const auto reputation
    = [&](int uid) { return book.histories().at("uid:" + std::to_string(uid)).reputation; };
  EXPECT_LT(reputation(4), reputation(1) - 0.1);
  EXPECT_TRUE(*book.find({7})->status.is_serving);
}

} // namespace
} // namespace sluice
