#include "io/liquidity/metrics_json.hpp"

#include <gtest/gtest.h>

namespace sluice::io {
namespace {

plan_metrics sample() {
  plan_metrics x;
  x.initial_value = u256{1};
  x.final_value = u256{2};
  x.hodl_value = u256{3};
  x.fees0 = u256{4};
  x.fees1 = u256{5};
  x.fees_value = u256{6};
  x.impermanent_loss = 0.5;
  x.in_range_ratio = 0.25;
  x.rebalances = 7;
  x.rewards = u256{8};
  return x;
}

TEST(metrics_json, has_amounts_as_text_in_a_fixed_order) {
  EXPECT_EQ(metrics_json(sample(), false).dump(),
            R"({"initial_value":"1","final_value":"2","hodl_value":"3","fees0":"4","fees1":"5",)"
            R"("fees_value":"6","impermanent_loss":0.5,"net_pnl_vs_hodl":"0",)"
            R"("in_range_ratio":0.25,"rebalances":7})");
}

TEST(metrics_json, has_rewards_only_of_staked_plans_and_last) {
  const auto text = metrics_json(sample(), true).dump();
  EXPECT_TRUE(text.ends_with(R"("rebalances":7,"rewards":"8"})")) << text;
}

TEST(terms_json, has_the_kind_by_name) {
  pool_terms x;
  EXPECT_EQ(terms_json(x).dump(), R"({"kind":"uniswap","fee":500,"unstaked_fee":0,)"
                                  R"("tick_spacing":10,"decimals0":18,"decimals1":18})");
  x.kind = pool_kind::slipstream;
  x.unstaked_fee = 100'000;
  EXPECT_EQ(terms_json(x).dump(), R"({"kind":"slipstream","fee":500,"unstaked_fee":100000,)"
                                  R"("tick_spacing":10,"decimals0":18,"decimals1":18})");
}

} // namespace
} // namespace sluice::io
