#include "rules/consensus/dev_reports.hpp"
#include "rules/consensus/report_book.hpp"
#include "rules/consensus/status_list.hpp"

#include <gtest/gtest.h>

#include <set>

namespace sluice {
namespace {

constexpr uint64_t world_ms = 1'767'225'600'000;

std::vector<dev_reported_miner> eight_miners() {
  std::vector<dev_reported_miner> all;
  for (uint16_t uid = 50; uid < 58; ++uid)
    all.push_back({{uid}, {"consensus-" + std::to_string(uid)}});
  return all;
}

std::vector<miner_status> statuses_of(dev_validator_kind kind, uint64_t step) {
  const auto text = dev_status_list(kind, 7, step, world_ms + step * 900'000, eight_miners());
  if (!text)
    return {};
  const auto list = read_status_list(*text);
  EXPECT_TRUE(list) << *text;
  EXPECT_EQ(list->skipped, 0U);
  return list->statuses;
}

TEST(dev_reports, are_the_same_for_the_same_seed_and_differ_for_another) {
  const auto one = dev_status_list(dev_validator_kind::honest, 7, 1, world_ms, eight_miners());
  EXPECT_EQ(one, dev_status_list(dev_validator_kind::honest, 7, 1, world_ms, eight_miners()));
  EXPECT_NE(one, dev_status_list(dev_validator_kind::honest, 8, 1, world_ms, eight_miners()));
  std::set<std::array<uint8_t, 32>> secrets;
  for (const auto seed : {7U, 8U})
    for (size_t i = 0; i < dev_validators; ++i)
      secrets.insert(dev_validator_secret(seed, static_cast<dev_validator_kind>(i)));
  EXPECT_EQ(secrets.size(), 2 * dev_validators);
}

TEST(dev_reports, come_whole_from_the_honest_one) {
  const auto all = statuses_of(dev_validator_kind::honest, 1);
  ASSERT_EQ(all.size(), 8U);
  for (const auto& x : all) {
    EXPECT_EQ(x.hotkey, "consensus-" + std::to_string(x.uid.value));
    EXPECT_EQ(x.is_serving, true);
    EXPECT_TRUE(x.performance_score && *x.performance_score >= 0.6 && *x.performance_score < 1);
    EXPECT_LE(*x.current_load, 1);
    EXPECT_EQ(x.max_capacity, 5);
    EXPECT_EQ(last_seen_ms(x.last_seen), int64_t{world_ms} + 900'000 - 10'000);
  }
}

TEST(dev_reports, of_the_lying_one_are_wrong_about_loads_and_one_miner) {
  const auto all = statuses_of(dev_validator_kind::lying, 1);
  ASSERT_EQ(all.size(), 8U);
  EXPECT_EQ(all[0].is_serving, false);
  EXPECT_EQ(all[1].is_serving, true);
  for (const auto& x : all)
    EXPECT_EQ(x.current_load, 4);
}

TEST(dev_reports, are_left_out_by_the_silent_one_in_two_of_four_steps) {
  for (uint64_t step = 1; step <= 8; ++step)
    EXPECT_EQ(statuses_of(dev_validator_kind::silent, step).empty(), step % 4 >= 2) << step;
}

/// The liar is one of three at most: it makes no honest miner unusable.
TEST(dev_reports, leave_every_miner_with_a_consensus) {
  for (const uint64_t step : {1U, 2U}) {
    report_book book;
    for (size_t i = 0; i < dev_validators; ++i) {
      status_report report;
      report.validator_uid = static_cast<uint16_t>(dev_validator_uid + i);
      report.epoch = step;
      report.received_ms = world_ms + step * 900'000;
      report.statuses = statuses_of(static_cast<dev_validator_kind>(i), step);
      if (report.statuses.empty())
        continue;
      book.prepare(report);
      ASSERT_TRUE(book.put(std::move(report)));
    }
    ASSERT_EQ(book.records().size(), 8U);
    for (const auto* x : book.records()) {
      EXPECT_EQ(x->state, consensus_state::agreed) << x->uid.value;
      EXPECT_EQ(x->status.is_serving, true) << x->uid.value;
    }
    EXPECT_EQ(book.selectable_miners(world_ms + step * 900'000).size(), 8U);
  }
}

} // namespace
} // namespace sluice
