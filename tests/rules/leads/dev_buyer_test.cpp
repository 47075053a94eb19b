#include "rules/leads/calls.hpp"
#include "rules/leads/dev_buyer.hpp"

#include <gtest/gtest.h>

#include <set>

namespace sluice {
namespace {

TEST(dev_buyer, asks_in_the_first_step_and_differently_in_the_others) {
  std::set<size_t> counts;
  std::set<std::string> ids, wishes;
  for (uint64_t seed = 1; seed <= 20; ++seed)
    EXPECT_FALSE(buyer_requests(seed, 1).empty()) << seed;
  for (uint64_t step = 1; step <= 200; ++step) {
    const auto all = buyer_requests(5, step);
    EXPECT_EQ(all, buyer_requests(5, step));
    counts.insert(all.size());
    for (const auto& x : all) {
      EXPECT_TRUE(ids.insert(x.id).second) << x.id;
      EXPECT_TRUE(is_request_id(x.id)) << x.id;
      EXPECT_GE(x.num_leads, 1U);
      EXPECT_LE(x.num_leads, leads_limits::asked_leads_max);
      wishes.insert(x.business_desc);
    }
  }
  EXPECT_EQ(counts, (std::set<size_t>{0, 1, 2, 3}));
  EXPECT_EQ(wishes.size(), 6U);
}

TEST(dev_buyer, prospects_come_from_the_miners_that_source) {
  const std::vector<dev_lead_miner> miners{{{"a"}, {lead_strategy_kind::curator, 1}},
                                           {{"b"}, {lead_strategy_kind::sourcer, 1}},
                                           {{"c"}, {lead_strategy_kind::both, 1}}};
  const auto batches = sourced_batches(miners, 2);
  ASSERT_EQ(batches.size(), 2U);
  EXPECT_EQ(batches[0].miner, hotkey{"b"});
  EXPECT_EQ(batches[1].miner, hotkey{"c"});
  EXPECT_EQ(batches[0].prospects, sourced_prospects(miners[1].what, miners[1].key, 2));
}

} // namespace
} // namespace sluice
