#include "actors/liquidity/played_plans.hpp"
#include "storage/liquidity/tables.hpp"
#include "tests/support/layout.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace sluice::test {
namespace {

namespace tables = storage::tables;

class played_plans : public testing::Test {
protected:
  played_plans() {
    storage::data_dir_options options;
    options.map_bytes = size_t{1} << 26;
    options.layout = &test::layout();
    disk = std::make_unique<storage::data_dir>(*storage::data_dir::open(
      folder.path() / "data", {"0.1.0", 1, ""}, storage::open_mode::create_or_continue, options));
    job.config.id = {"pair"};
    job.first_round = 3;
  }

  /// Two miners that hold one range in even rounds and two in odd ones.
  void play(uint64_t number, bool counted = true) {
    round_record row;
    row.id = {job.config.id, round_kind::evaluation, {number}};
    row.status = round_status::completed;
    row.rules = scoring_rules::kept_plans;
    row.counted = counted;
    row.start_block = number * 10;
    row.end_block = number * 10 + 9;
    row.config = job.config;
    row.config.start_positions = {{-10, 10, 5}};
    std::vector<prediction> predictions;
    for (uint16_t uid : {1, 2}) {
      auto& x = predictions.emplace_back();
      x.round = row.id;
      x.uid = {uid};
      x.key = {"key-" + std::to_string(uid)};
      x.questions = {{row.start_block - 1, answer_result::accepted},
                     {row.start_block + 4, answer_result::silent}};
      x.outcome.emplace();
      const int32_t tick = number % 2 == 0 ? 20 : 20 * uid;
      x.outcome->positions
        = {{-10, 10, 5, row.start_block, row.start_block, {}, {}, {}, {}, {}, {}},
           {-tick, tick, 7, row.start_block, row.end_block, {}, {}, {}, {}, {}, {}}};
    }
    storage::batch writes;
    tables::rounds.put(writes, row.id, row);
    for (const auto& x : predictions)
      tables::predictions.put(writes, {row.id, x.uid}, x);
    ASSERT_TRUE(disk->commit(writes));
    job.next_round = number + 1;
    if (counted)
      book_plans(booked, {row.id.number, row.start_block, row.end_block},
                 row.config.start_positions, predictions);
  }

  static plan_comparison of_both(const plan_history& history) {
    return history.compare(history.find({"key-1"}), history.find({"key-2"}));
  }

  scratch_folder folder;
  std::unique_ptr<storage::data_dir> disk;
  job_record job;
  plan_history booked;
};

TEST_F(played_plans, are_compared_as_they_were_answered) {
  play(3);
  EXPECT_EQ(of_both(booked), (plan_comparison{2, 0}));
  play(4);
  EXPECT_EQ(of_both(booked), (plan_comparison{4, 2}));
}

TEST_F(played_plans, are_the_same_after_a_restart) {
  for (uint64_t n = 3; n < 3 + activity_rounds + 7; ++n) {
    play(n, n % 5 != 0);
    if (n % 20 != 0 && n < activity_rounds)
      continue;
    const auto recalled = recall_plans(*disk, job);
    ASSERT_TRUE(recalled) << recalled.error().what;
    EXPECT_EQ(of_both(*recalled), of_both(booked)) << "after round " << n;
  }
  for (uint64_t n = 3 + activity_rounds + 7; n < 3 + 2 * activity_rounds; ++n)
    play(n);
  const auto recalled = recall_plans(*disk, job);
  ASSERT_TRUE(recalled) << recalled.error().what;
  EXPECT_EQ(of_both(*recalled), of_both(booked));
  EXPECT_EQ(of_both(*recalled).questions, 2 * activity_rounds);
  const std::vector<hotkey> both{{"key-1"}, {"key-2"}};
  EXPECT_EQ(recalled->leads(both), booked.leads(both));
}

TEST_F(played_plans, of_a_job_without_rounds_are_none) {
  job.next_round = 3;
  const auto recalled = recall_plans(*disk, job);
  ASSERT_TRUE(recalled) << recalled.error().what;
  EXPECT_EQ(recalled->find({"key-1"}), std::nullopt);
}

} // namespace
} // namespace sluice::test
