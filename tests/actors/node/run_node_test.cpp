#include "actors/node/run_node.hpp"
#include "storage/liquidity/tables.hpp"
#include "storage/tables.hpp"
#include "tests/support/layout.hpp"
#include "tests/support/short_run.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <unistd.h>
#include <utility>

namespace sluice::test {
namespace {

class run_node_test : public ::testing::Test {
protected:
  scratch_folder folder;
  std::string output;

  run_options options(uint64_t steps = 2) {
    return short_run(folder.path() / "data", steps, output);
  }
};

TEST_F(run_node_test, ends_when_its_steps_are_done) {
  const auto end = run_node(options());
  EXPECT_EQ(end.code, 0) << end.why;
  EXPECT_FALSE(end.stopped);
  const auto disk = storage::data_dir::open(
    folder.path() / "data", {}, storage::open_mode::read_only, {.layout = &test::layout()});
  ASSERT_TRUE(disk);
  const auto config = short_config();
  for (const auto& job : liquidity_in(config).jobs)
    EXPECT_EQ(storage::tables::jobs.get(*disk, job.id)->completed, 2u) << job.id.value;
}

TEST_F(run_node_test, goes_on_where_the_last_run_ended) {
  ASSERT_EQ(run_node(options(1)).code, 0);
  ASSERT_EQ(run_node(options(2)).code, 0);
  const auto in_two = std::exchange(output, {});
  const scratch_folder other;
  ASSERT_EQ(run_node(short_run(other.path() / "data", 3, output)).code, 0);
  const auto mine = storage::data_dir::open(
    folder.path() / "data", {}, storage::open_mode::read_only, {.layout = &test::layout()});
  const auto whole = storage::data_dir::open(
    other.path() / "data", {}, storage::open_mode::read_only, {.layout = &test::layout()});
  ASSERT_TRUE(mine && whole);
  const auto config = short_config();
  for (const auto& job : liquidity_in(config).jobs)
    EXPECT_EQ(*storage::tables::jobs.get(*mine, job.id), *storage::tables::jobs.get(*whole, job.id))
      << job.id.value;
  EXPECT_EQ(*storage::tables::chain_state.get(*mine, storage::tables::chain_key),
            *storage::tables::chain_state.get(*whole, storage::tables::chain_key));
}

TEST_F(run_node_test, the_same_seed_prints_the_same_lines) {
  ASSERT_EQ(run_node(options()).code, 0);
  const auto first = std::exchange(output, {});
  std::filesystem::remove_all(folder.path() / "data");
  ASSERT_EQ(run_node(options()).code, 0);
  EXPECT_EQ(output, first);
  EXPECT_GT(first.size(), 500u);
}

TEST_F(run_node_test, a_feed_that_cannot_be_read_is_reported_before_the_folder_is_touched) {
  auto x = options();
  liquidity_in(x.config).jobs[0].feed.kind = feed_kind::bars;
  liquidity_in(x.config).jobs[0].feed.files = {folder.at("missing.csv")};
  const auto end = run_node(x);
  EXPECT_EQ(end.code, 3);
  EXPECT_NE(end.why.find("missing.csv"), std::string::npos);
  liquidity_in(x.config).jobs[0].feed.files = {folder.write("bad.csv", "not,bars\n1,2\n")};
  const auto bad = run_node(x);
  EXPECT_EQ(bad.code, 2);
  EXPECT_NE(bad.why.find("bad.csv:1"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "data"));
  EXPECT_EQ(output, "");
}

TEST_F(run_node_test, a_folder_of_another_configuration_is_refused_unless_it_is_adopted) {
  ASSERT_EQ(run_node(options(1)).code, 0);
  auto x = options(1);
  x.config_digest = "another";
  EXPECT_EQ(run_node(x).code, 2);
  x.adopt_config = true;
  EXPECT_EQ(run_node(x).code, 0);
  x.config.seed = 99;
  EXPECT_EQ(run_node(x).code, 2) << "a seed cannot be adopted";
}

TEST_F(run_node_test, a_folder_that_somebody_has_is_left_alone) {
  ASSERT_EQ(run_node(options(1)).code, 0);
  const auto x = options(1);
  const auto held
    = storage::data_dir::open(x.data, {x.version, x.config.seed, x.config_digest},
                              storage::open_mode::create_or_continue, {.layout = &test::layout()});
  ASSERT_TRUE(held);
  const auto end = run_node(x);
  EXPECT_EQ(end.code, 3);
  EXPECT_NE(end.why.find(std::to_string(getpid())), std::string::npos) << end.why;
}

TEST_F(run_node_test, a_signal_stops_it_and_the_next_run_goes_on) {
  auto x = options(0); // a market never ends
  x.report.write = [written = 0](std::string_view) mutable {
    if (++written == 3)
      ::kill(getpid(), SIGTERM);
  };
  const auto end = run_node(x);
  EXPECT_EQ(end.code, 0) << end.why;
  EXPECT_TRUE(end.stopped);
  EXPECT_EQ(run_node(options(1)).code, 0);
}

} // namespace
} // namespace sluice::test
