#include "actors/liquidity/why_no_scores.hpp"
#include "storage/liquidity/tables.hpp"
#include "tests/support/job_world.hpp"

namespace sluice::test {
namespace {

class no_scores_test : public actor_test {
protected:
  void store(const storage::batch& writes) { ASSERT_TRUE(disk->commit(writes)); }

  void score(const job_config& job, std::string key, double combined, bool eligible) {
    miner_score x;
    x.combined_score = combined;
    x.eligible = eligible;
    storage::batch writes;
    storage::tables::miner_scores.put(writes, {job.id, {std::move(key)}}, x);
    store(writes);
  }

  std::shared_ptr<storage::data_dir> disk = open_disk();
};

TEST_F(no_scores_test, counts_what_is_stored_of_every_job) {
  liquidity_settings settings;
  settings.jobs = {small_job("a"), small_job("b"), small_job("c")};
  settings.jobs[0].board.eligibility_days = 7;
  settings.jobs[2].active = false;
  EXPECT_EQ(why_no_scores(*disk, settings), "no round is over yet");
  job_record record;
  record.config = settings.jobs[0];
  record.completed = 2;
  storage::batch writes;
  storage::tables::jobs.put(writes, record.config.id, record);
  store(writes);
  score(settings.jobs[0], "one", 0.5, false);
  EXPECT_EQ(why_no_scores(*disk, settings),
            "a: no miner is eligible yet: 7 days of participation are needed; see "
            "[liquidity.jobs.board] eligibility_days; b: no round is over yet");
  score(settings.jobs[0], "two", 0, true);
  EXPECT_EQ(why_no_scores(*disk, settings),
            "a: no eligible miner has a combined score above 0; b: no round is over yet");
  score(settings.jobs[0], "two", 0.1, true);
  EXPECT_EQ(why_no_scores(*disk, settings), "");
}

} // namespace
} // namespace sluice::test
