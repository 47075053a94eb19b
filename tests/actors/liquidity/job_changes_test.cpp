#include "actors/liquidity/job_changes.hpp"
#include "storage/tables.hpp"
#include "tests/support/layout.hpp"
#include "tests/support/short_run.hpp"

#include <gtest/gtest.h>

namespace sluice::test {
namespace {

class job_changes_test : public ::testing::Test {
protected:
  run_result played(const node_config& config, const std::string& digest) {
    auto x = short_run(folder.path() / "data", 1, output);
    x.config = config;
    x.config_digest = digest;
    x.adopt_config = true;
    x.say = [this](const std::string& text) { said += text + '\n'; };
    return run_node(x);
  }

  scratch_folder folder;
  std::string output;
  std::string said;
};

TEST_F(job_changes_test, what_a_played_job_was_played_with_cannot_change) {
  const auto config = short_config();
  ASSERT_EQ(played(config, "one").code, 0);
  auto changed = config;
  auto& job = liquidity_in(changed).jobs[0];
  job.round_seconds *= 2;
  job.terms.fee = 3000;
  job.scoring.penalty_rate = 7;
  const auto refused = played(changed, "two");
  EXPECT_EQ(refused.code, 2);
  for (const auto* key : {".round_seconds: was ", ".pool.fee: was "})
    EXPECT_NE(refused.why.find("liquidity.jobs[" + job.id.value + ']' + key), std::string::npos)
      << refused.why;
  EXPECT_EQ(refused.why.find("penalty_rate"), std::string::npos) << refused.why;
  ASSERT_EQ(played(config, "one").code, 0) << "nothing was changed";
  job = liquidity_in(config).jobs[0];
  job.scoring.penalty_rate = 7;
  const auto taken = played(changed, "three");
  EXPECT_EQ(taken.code, 0) << taken.why;
  EXPECT_NE(said.find("scoring.penalty_rate: was "), std::string::npos) << said;
}

TEST_F(job_changes_test, the_stored_jobs_tell_it_where_the_configuration_is_not_known) {
  const auto config = short_config();
  ASSERT_EQ(played(config, "one").code, 0);
  {
    auto disk
      = storage::data_dir::open(folder.path() / "data", {"0.1.0", config.seed, "one"},
                                storage::open_mode::create_or_continue, {.layout = &layout()});
    ASSERT_TRUE(disk) << disk.error().what;
    storage::batch writes;
    storage::tables::adopted_configs.erase(writes, storage::tables::config_key);
    ASSERT_TRUE(disk->commit(writes));
  }
  auto changed = config;
  liquidity_in(changed).jobs[0].terms.fee = 3000;
  const auto refused = played(changed, "two");
  EXPECT_EQ(refused.code, 2);
  EXPECT_NE(refused.why.find(".pool.fee: was "), std::string::npos) << refused.why;
}

} // namespace
} // namespace sluice::test
