#include "rules/chain/reconcile.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

namespace sluice {
namespace {

using texts = std::vector<std::string>;

configured_chain configured(std::vector<neuron> neurons) {
  return {{}, std::move(neurons)};
}

dev_chain chain_of(const configured_chain& x) {
  dev_chain chain;
  chain.params = x.params;
  chain.neurons = x.neurons;
  chain.block = 500;
  return chain;
}

const auto small = configured({{{0}, {"burn"}}, {{1}, {"a"}}, {{2}, {"v"}, 7, true}});

TEST(reconcile, the_same_configuration_changes_nothing) {
  auto chain = chain_of(small);
  const auto before = chain;
  const auto changes = reconcile(chain, small, &small);
  ASSERT_TRUE(changes);
  EXPECT_TRUE(changes->empty());
  EXPECT_EQ(chain, before);
}

TEST(reconcile, new_ones_are_registered_renamed_ones_replaced_gone_ones_dropped) {
  auto chain = chain_of(small);
  chain.nonces[{"a"}] = 4;
  chain.rows[{1}] = {{{0, 65535}}, 10};
  chain.rows[{2}] = {{{1, 65535}}, 20};
  const auto now = configured({{{0}, {"burn"}}, {{1}, {"b"}}, {{2}, {"v"}, 9, true}, {{5}, {"c"}}});
  const auto changes = reconcile(chain, now, &small);
  ASSERT_TRUE(changes) << changes.error().what;
  EXPECT_EQ(*changes,
            (texts{"uid 1: a is not configured any more and is dropped, then b is registered",
                   "uid 2: stake or permit of v is another", "uid 5: c is registered"}));
  EXPECT_EQ(chain.neurons, now.neurons);
  EXPECT_EQ(chain.block, 500U);
  EXPECT_EQ(chain.nonces.at({"a"}), 4U) << "an extrinsic must not come twice";
  EXPECT_FALSE(chain.rows.contains({1})) << "the weights of who was there before";
  EXPECT_TRUE(chain.rows.contains({2}));
}

TEST(reconcile, who_was_let_in_at_run_time_stays_and_keeps_its_uid) {
  auto chain = chain_of(small);
  ASSERT_TRUE(chain.enrol({{{3}, {"outsider"}, false, {}}}));
  const auto fewer = configured({{{0}, {"burn"}}, {{2}, {"v"}, 7, true}});
  ASSERT_TRUE(reconcile(chain, fewer, &small));
  EXPECT_TRUE(chain.find({"outsider"}));
  EXPECT_FALSE(chain.find({"a"}));
  const auto before = chain;
  const auto wants_it = configured({{{0}, {"burn"}}, {{2}, {"v"}, 7, true}, {{3}, {"new"}}});
  const auto refused = reconcile(chain, wants_it, &fewer);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::refused);
  EXPECT_EQ(refused.error().what.find("the dev chain gave uid 3 to outsider"), 0U);
  EXPECT_EQ(chain, before);
}

TEST(reconcile, a_folder_that_does_not_know_its_configuration_gives_uids_to_who_is_configured) {
  auto chain = chain_of(small);
  const auto now = configured({{{0}, {"burn"}}, {{1}, {"b"}}, {{2}, {"v"}, 7, true}});
  const auto changes = reconcile(chain, now, nullptr);
  ASSERT_TRUE(changes);
  EXPECT_EQ(*changes, (texts{"uid 1: a gives way to b, then b is registered"}));
  EXPECT_EQ(chain.neurons, now.neurons);
}

TEST(reconcile, uids_may_be_exchanged) {
  auto chain = chain_of(configured({{{0}, {"burn"}}, {{1}, {"a"}}, {{2}, {"b"}}}));
  const auto before = configured(chain.neurons);
  const auto now = configured({{{0}, {"burn"}}, {{1}, {"b"}}, {{2}, {"a"}}});
  ASSERT_TRUE(reconcile(chain, now, &before));
  EXPECT_EQ(chain.neurons, now.neurons);
}

TEST(reconcile, any_change_ends_with_the_configured_and_the_outsiders) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random{seed};
  const auto any = [&](const std::string& prefix) {
    std::map<uint16_t, neuron> slots;
    std::vector<int> keys{0, 1, 2, 3, 4, 5, 6, 7};
    std::shuffle(keys.begin(), keys.end(), random);
    for (uint16_t uid = 0; uid < 6; ++uid)
      if (random() % 3 != 0)
        slots[uid] = {{uid}, {prefix + std::to_string(keys[uid])}, random() % 3, random() % 4 == 0};
    std::vector<neuron> all;
    for (const auto& [uid, x] : slots)
      all.push_back(x);
    return configured(std::move(all));
  };
  for (int i = 0; i < 2000; ++i) {
    const auto before = any("k");
    const auto now = any("k");
    auto chain = chain_of(before);
    ASSERT_TRUE(chain.enrol({{{20}, {"outsider"}, false, {}}}));
    auto expected = now.neurons;
    expected.push_back({{20}, {"outsider"}});
    ASSERT_TRUE(reconcile(chain, now, &before));
    EXPECT_EQ(chain.neurons, expected);
    const auto again = reconcile(chain, now, &now);
    ASSERT_TRUE(again);
    EXPECT_TRUE(again->empty());
  }
}

TEST(reconcile, epochs_and_blocks_never_go_back) {
  auto chain = chain_of(small); // block 500, netuid 98, tempo 74: epoch 7
  auto params = chain.params;
  EXPECT_FALSE(epochs_go_back(chain, params));
  params.tempo = 10;
  EXPECT_FALSE(epochs_go_back(chain, params));
  params.tempo = 100;
  EXPECT_TRUE(epochs_go_back(chain, params));
  EXPECT_FALSE(blocks_go_back(chain, 5, 100));
  EXPECT_TRUE(blocks_go_back(chain, 5, 99));
}

} // namespace
} // namespace sluice
