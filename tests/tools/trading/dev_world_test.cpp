#include "net/keys/ss58.hpp"
#include "rules/trading/name.hpp"
#include "tests/support/trading_feed_of.hpp"
#include "tools/trading/dev_world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace sluice::tools {

namespace {

trading_settings world_settings(uint64_t seed) {
  trading_settings x;
  x.feeds.push_back(test::trading_feed_of("traders", trading_feed_kind::world));
  x.world_seed = seed;
  return x;
}

node_config node_with(const trading_settings& x) {
  node_config config;
  config.neurons = {{{0}, {"burn"}, 0, false}, {{9}, {"validator"}, 1'000, true}};
  config.mechanisms[std::string{trading_name}] = mechanism_settings::of(x);
  return config;
}

size_t index_of(trader_kind kind) {
  const auto all = dev_traders();
  return static_cast<size_t>(
    std::find_if(all.begin(), all.end(), [kind](const auto& x) { return x.kind == kind; })
    - all.begin());
}

} // namespace

TEST(trading_dev_world, every_key_is_an_address_of_its_own_and_follows_from_the_seed) {
  std::set<std::string> seen;
  for (const auto& x : dev_keys_of(7))
    for (const auto& key : {x.hotkey, x.coldkey}) {
      EXPECT_TRUE(net::parse_public_key(key)) << key;
      EXPECT_TRUE(looks_like_a_key(key)) << key;
      EXPECT_TRUE(seen.insert(key).second) << key;
    }
  EXPECT_EQ(dev_keys_of(7).front().hotkey, dev_keys_of(7).front().hotkey);
  EXPECT_NE(dev_keys_of(7).front().hotkey, dev_keys_of(8).front().hotkey);
}

TEST(trading_dev_world, every_event_is_good_and_none_comes_twice) {
  dev_feed feed{world_settings(3)};
  std::set<std::pair<std::string, uint32_t>> seen;
  int64_t last = 0;
  for (const auto& x : feed.advance_to(dev_start_us + us_per_day)) {
    EXPECT_EQ(rejection_of(x), row_rejection::none) << x.extrinsic;
    EXPECT_TRUE(seen.emplace(x.extrinsic + '/' + std::to_string(x.netuid), *x.index).second);
    EXPECT_GE(x.time_us, last);
    last = x.time_us;
  }
  EXPECT_GT(seen.size(), 1'000U);
  EXPECT_TRUE(feed.advance_to(dev_start_us + us_per_day).empty());
  EXPECT_FALSE(feed.advance_to(dev_start_us + us_per_day + 900 * us_per_second).empty());
}

TEST(trading_dev_world, one_lost_its_slot_and_has_another_now) {
  const auto settings = world_settings(5);
  const auto world = dev_trading_world(settings);
  const auto keys = dev_keys_of(5);
  const auto* again = identity_of(world, keys[index_of(trader_kind::reregistered)].hotkey);
  const auto* newcomer = identity_of(world, keys[index_of(trader_kind::newcomer)].hotkey);
  ASSERT_TRUE(again && newcomer);
  EXPECT_TRUE(again->registered);
  EXPECT_EQ(again->last_uid, dev_second_uid);
  EXPECT_TRUE(newcomer->registered);
  EXPECT_EQ(newcomer->last_uid, dev_traders()[index_of(trader_kind::reregistered)].uid);
  EXPECT_EQ(newcomer->first_seen_us - again->first_seen_us, dev_slot_lost_after_us);
  EXPECT_EQ(identity_of(world, keys[index_of(trader_kind::stranger)].hotkey), nullptr);
  EXPECT_TRUE(
    world.registered.at(dev_owned_netuid).contains(keys[index_of(trader_kind::owner)].coldkey));
  EXPECT_TRUE(world.blacklist.contains(keys[index_of(trader_kind::blacklisted)].hotkey));
}

TEST(trading_dev_world, its_traders_become_neurons_of_the_dev_chain_once) {
  const auto settings = world_settings(1);
  auto config = node_with(settings);
  ASSERT_TRUE(add_trading_neurons(config));
  const auto once = config;
  ASSERT_TRUE(add_trading_neurons(config));
  EXPECT_EQ(config.neurons, once.neurons);
  EXPECT_EQ(config.neurons.size(), 2 + dev_traders().size() - 1); // all but the stranger
  EXPECT_TRUE(std::is_sorted(config.neurons.begin(), config.neurons.end(),
                             [](const auto& a, const auto& b) { return a.uid < b.uid; }));
  for (const auto& x : config.neurons)
    EXPECT_TRUE(x.uid.value < 10 || x.uid.value >= 20);
}

TEST(trading_dev_world, refuses_a_uid_that_is_somebody_elses) {
  auto config = node_with(world_settings(1));
  config.neurons.push_back({{22}, {"somebody"}, 0, false});
  const auto added = add_trading_neurons(config);
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, ec::bad_input);
  EXPECT_NE(added.error().what.find("uid 22"), std::string::npos) << added.error().what;
}

TEST(trading_dev_world, miners_of_a_world_file_have_slots_where_these_are_free) {
  trading_settings files;
  files.feeds.push_back(test::trading_feed_of("file", trading_feed_kind::file));
  files.world_file = SOURCE_DIR "/tests/data/trading/world.jsonl";
  auto config = node_with(files);
  config.neurons.push_back({{2}, {"somebody"}, 0, false});
  ASSERT_TRUE(add_trading_neurons(config));
  ASSERT_EQ(config.neurons.size(), 4U); // burn, uid 1, somebody, validator
  EXPECT_EQ(config.neurons[1].uid.value, 1);
  EXPECT_EQ(config.neurons[1].key.value, "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY");
  files.world_file = "/no/such/file";
  config = node_with(files);
  EXPECT_FALSE(add_trading_neurons(config));
}

TEST(trading_dev_world, a_configuration_without_one_keeps_its_neurons) {
  trading_settings files;
  files.feeds.push_back(test::trading_feed_of("file", trading_feed_kind::file));
  auto config = node_with(files);
  const auto before = config.neurons;
  ASSERT_TRUE(add_trading_neurons(config));
  EXPECT_EQ(config.neurons, before);
}

} // namespace sluice::tools
