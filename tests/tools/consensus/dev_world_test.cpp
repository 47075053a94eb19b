#include "rules/consensus/node_settings.hpp"
#include "rules/consensus/worker_strategy.hpp"
#include "tools/consensus/dev_world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace sluice::tools {
namespace {

node_config with_consensus_world(uint64_t seed) {
  node_config config;
  config.neurons.push_back({{0}, {"burn"}, 0, false});
  consensus_node_settings settings;
  settings.world = consensus_world{seed, 1'767'225'600, 4};
  config.mechanisms[std::string{consensus_name}] = mechanism_settings::of(settings);
  return config;
}

TEST(consensus_dev_world, has_miners_of_every_strategy) {
  auto config = with_consensus_world(1);
  ASSERT_TRUE(make_dev_consensus(config, 7));
  ASSERT_EQ(config.miners.size(), dev_consensus_miners);
  std::set<std::string> names;
  for (const auto& x : config.miners) {
    EXPECT_EQ(x.mechanism, consensus_name);
    EXPECT_TRUE(parse_worker_strategy(x.strategy)) << x.strategy;
    names.insert(x.strategy.substr(0, x.strategy.find(':')));
  }
  EXPECT_EQ(names.size(), worker_strategy_names.size());
  EXPECT_EQ(config.miners.front().uid, miner_uid{dev_consensus_uid});
  EXPECT_EQ(config.neurons.size(), 1 + dev_consensus_miners);
  ASSERT_TRUE(make_dev_consensus(config, 7)); // they are there already
  EXPECT_EQ(config.miners.size(), dev_consensus_miners);
}

TEST(consensus_dev_world, registers_three_validators_none_with_half_of_the_stake) {
  auto config = with_consensus_world(1);
  ASSERT_TRUE(add_consensus_neurons(config));
  ASSERT_TRUE(add_consensus_neurons(config)); // twice is once
  ASSERT_EQ(config.neurons.size(), 1 + dev_validators);
  uint64_t sum = 0;
  for (const auto& x : config.neurons)
    sum += x.stake;
  for (size_t i = 0; i < dev_validators; ++i) {
    const auto& x = config.neurons.at(i + 1);
    EXPECT_EQ(x.uid.value, dev_validator_uid + i);
    EXPECT_TRUE(x.permit);
    EXPECT_LT(2 * x.stake, sum);
    EXPECT_EQ(x.key.value, dev_validator_keys(1, static_cast<dev_validator_kind>(i)).address);
  }
}

TEST(consensus_dev_world, states_whose_uid_is_taken) {
  auto config = with_consensus_world(1);
  config.neurons.push_back({{14}, {"somebody"}, 0, false});
  const auto added = add_consensus_neurons(config);
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, ec::bad_input);
  EXPECT_NE(added.error().what.find("uid 14 is that of the hotkey \"somebody\""), std::string::npos)
    << added.error().what;
}

TEST(consensus_dev_world, is_nothing_without_the_mechanism) {
  node_config config;
  ASSERT_TRUE(make_dev_consensus(config, {}));
  ASSERT_TRUE(add_consensus_neurons(config));
  EXPECT_TRUE(config.miners.empty() && config.neurons.empty());
}

} // namespace
} // namespace sluice::tools
