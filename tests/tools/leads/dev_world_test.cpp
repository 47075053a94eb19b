#include "rules/leads/config.hpp"
#include "rules/leads/lead_strategy.hpp"
#include "rules/leads/name.hpp"
#include "tools/leads/dev_world.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace sluice::tools {
namespace {

node_config with_leads() {
  node_config config;
  config.seed = 5;
  config.mechanisms[std::string{leads_name}] = mechanism_settings::of(leads_settings{});
  config.neurons = {{{0}, {"burn"}, 0, false}, {{90}, {"validator"}, 9, true}};
  return config;
}

TEST(leads_dev_world, has_a_miner_of_each_strategy_that_the_chain_knows) {
  auto config = with_leads();
  ASSERT_TRUE(make_dev_leads(config, {}));
  ASSERT_EQ(config.miners.size(), lead_strategy_names.size());
  for (size_t i = 0; i < config.miners.size(); ++i) {
    const auto& x = config.miners[i];
    EXPECT_EQ(x.uid.value, dev_lead_uid + i);
    EXPECT_EQ(x.key.value, "lead-" + std::string{lead_strategy_names[i]});
    EXPECT_EQ(x.mechanism, leads_name);
    const auto what = parse_lead_strategy(x.strategy);
    ASSERT_TRUE(what);
    EXPECT_EQ(what->seed, 5U);
  }
  EXPECT_EQ(config.neurons.size(), 2 + lead_strategy_names.size());
  EXPECT_TRUE(std::ranges::is_sorted(config.neurons, {}, &neuron::uid));
}

TEST(leads_dev_world, takes_the_seed_that_was_asked_for) {
  auto config = with_leads();
  ASSERT_TRUE(make_dev_leads(config, 77));
  EXPECT_EQ(config.miners[0].strategy, "curator:seed=77");
}

TEST(leads_dev_world, adds_nothing_where_there_is_nothing_to_add) {
  node_config without;
  ASSERT_TRUE(make_dev_leads(without, {}));
  EXPECT_TRUE(without.miners.empty());
  auto config = with_leads();
  ASSERT_TRUE(make_dev_leads(config, {}));
  const auto before = config;
  ASSERT_TRUE(make_dev_leads(config, 9));
  EXPECT_EQ(config, before) << "it has miners already";
}

TEST(leads_dev_world, states_the_uid_that_is_taken) {
  auto config = with_leads();
  config.miners.push_back({{dev_lead_uid}, {"other"}, "hold"});
  const auto made = make_dev_leads(config, {});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().what, "the dev world of leads needs uid 40, which another neuron has");
}

} // namespace
} // namespace sluice::tools
