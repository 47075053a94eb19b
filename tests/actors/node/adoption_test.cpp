#include "actors/node/adoption.hpp"
#include "storage/tables.hpp"
#include "tests/support/layout.hpp"
#include "tests/support/short_run.hpp"

#include <gtest/gtest.h>

namespace sluice::test {
namespace {

namespace tables = storage::tables;

class adoption_test : public ::testing::Test {
protected:
  run_options options(const std::string& digest, const node_config& config = short_config()) {
    auto x = short_run(folder.path() / "data", 1, output);
    x.config = config;
    x.config_digest = digest;
    x.adopt_config = true;
    x.say = [this](const std::string& text) { said.push_back(text); };
    return x;
  }

  storage::data_dir opened() const {
    auto disk = storage::data_dir::open(folder.path() / "data", {}, storage::open_mode::read_only,
                                        {.layout = &layout()});
    EXPECT_TRUE(disk) << disk.error().what;
    return *std::move(disk);
  }
  dev_chain chain() const { return *tables::chain_state.get(opened(), tables::chain_key); }

  bool has_said(std::string_view part) const {
    return std::ranges::any_of(
      said, [&](const std::string& x) { return x.find(part) != std::string::npos; });
  }

  scratch_folder folder;
  std::string output;
  std::vector<std::string> said;
};

/// The last miner of the configuration under another name.
node_config with_renamed_miner() {
  auto config = short_config();
  auto& miner = config.miners.back();
  for (auto& x : config.neurons)
    if (x.key == miner.key)
      x.key = {"renamed"};
  miner.key = {"renamed"};
  return config;
}

TEST_F(adoption_test, a_folder_remembers_the_configuration_that_it_was_last_run_under) {
  ASSERT_EQ(run_node(options("one")).code, 0);
  EXPECT_TRUE(said.empty());
  auto config = short_config();
  config.weights.moved_max = 0.25;
  ASSERT_EQ(run_node(options("two", config)).code, 0);
  EXPECT_TRUE(has_said("weights.moved_max: was ")) << said.front();
  EXPECT_TRUE(has_said(", is 0.25 (weights of epochs from now on)"));
  const auto disk = opened();
  const auto row = tables::adopted_configs.get(disk, tables::config_key);
  ASSERT_TRUE(row);
  EXPECT_EQ(row->digest, "two");
  EXPECT_NE(row->text.find("moved_max = 0.25\n"), std::string::npos);
  const auto action = tables::admin_actions.last(disk);
  ASSERT_TRUE(action && *action);
  EXPECT_EQ((*action)->second.line, "--adopt-config");
  EXPECT_NE((*action)->second.outcome.find("weights.moved_max"), std::string::npos);
}

TEST_F(adoption_test, the_dev_chain_gets_the_neurons_of_the_configuration) {
  ASSERT_EQ(run_node(options("one")).code, 0);
  const auto before = chain();
  const auto config = with_renamed_miner();
  ASSERT_EQ(run_node(options("two", config)).code, 0);
  const auto after = chain();
  EXPECT_EQ(after.neurons.size(), before.neurons.size());
  ASSERT_TRUE(after.find({"renamed"}));
  EXPECT_EQ(after.find({"renamed"})->uid, config.miners.back().uid);
  EXPECT_FALSE(after.find(short_config().miners.back().key));
  EXPECT_TRUE(has_said("then renamed is registered"));
  EXPECT_GT(after.block, before.block);
}

TEST_F(adoption_test, a_chain_whose_epochs_would_come_again_is_refused_by_key_and_left_alone) {
  ASSERT_EQ(run_node(options("one")).code, 0);
  ASSERT_EQ(run_node(options("one")).code, 0);
  auto config = short_config();
  config.chain.tempo = 1'000'000;
  const auto end = run_node(options("two", config));
  EXPECT_EQ(end.code, 2);
  EXPECT_NE(end.why.find("cannot go on under this configuration: chain.tempo: was "),
            std::string::npos)
    << end.why;
  EXPECT_NE(end.why.find("nothing was changed"), std::string::npos) << end.why;
  const auto again = run_node(options("one"));
  EXPECT_EQ(again.code, 0) << again.why;
}

TEST_F(adoption_test, without_the_flag_the_refusal_shows_what_differs) {
  ASSERT_EQ(run_node(options("one")).code, 0);
  auto config = short_config();
  config.weights.moved_max = 0.25;
  auto x = options("two", config);
  x.adopt_config = false;
  const auto end = run_node(x);
  EXPECT_EQ(end.code, 2);
  EXPECT_NE(end.why.find("; what differs: "), std::string::npos) << end.why;
  EXPECT_NE(end.why.find("weights.moved_max: was "), std::string::npos) << end.why;
  EXPECT_NE(end.why.find("; --adopt-config goes on under this one"), std::string::npos) << end.why;
  EXPECT_EQ(end.why.find('\n'), std::string::npos);
}

TEST_F(adoption_test, a_folder_without_its_configuration_says_so_and_registers_who_is_new) {
  ASSERT_EQ(run_node(options("one")).code, 0);
  {
    auto disk
      = storage::data_dir::open(folder.path() / "data", {"0.1.0", short_config().seed, "one"},
                                storage::open_mode::create_or_continue, {.layout = &layout()});
    ASSERT_TRUE(disk) << disk.error().what;
    storage::batch writes;
    tables::adopted_configs.erase(writes, tables::config_key);
    ASSERT_TRUE(disk->commit(writes));
  }
  ASSERT_EQ(run_node(options("two", with_renamed_miner())).code, 0);
  EXPECT_TRUE(has_said("does not hold the text of the configuration so far"));
  EXPECT_TRUE(chain().find({"renamed"}));
}

} // namespace
} // namespace sluice::test
