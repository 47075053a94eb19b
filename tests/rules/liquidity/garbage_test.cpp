#include "rules/limits.hpp"
#include "rules/liquidity/garbage.hpp"
#include "rules/liquidity/proposal.hpp"
#include "tests/rules/liquidity/market_questions.hpp"

#include <gtest/gtest.h>

#include <set>

namespace sluice {

namespace {

std::string fault_of(const rebalance_query& query, const rebalance_reply& reply) {
  if (auto fault = reply_fault(reply); !fault.empty())
    return fault;
  return proposal_fault(reply.desired_positions, query.terms,
                        {query.inventory_remaining, query.current_positions},
                        limits::positions_max);
}

TEST(garbage, every_kind_is_refused_for_its_own_reason) {
  const auto query = test::question(5, 1'000, 1'000);
  std::set<std::string> faults;
  for (uint32_t which = 0; which < garbage_kinds; ++which) {
    const auto fault = fault_of(query, garbage_reply(query, which));
    EXPECT_NE(fault, "") << "kind " << which;
    faults.insert(fault);
  }
  EXPECT_EQ(faults.size(), garbage_kinds);
}

TEST(garbage, is_refused_whatever_the_miner_owns) {
  constexpr unsigned seed = 3;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 chance{seed};
  for (int i = 0; i < 500; ++i) {
    auto query = test::random_question(chance);
    query.current_positions.clear();
    for (uint32_t which = 0; which < garbage_kinds; ++which)
      EXPECT_NE(fault_of(query, garbage_reply(query, which)), "") << "kind " << which;
  }
}

TEST(garbage, comes_round_again) {
  const auto query = test::question(5, 1'000, 1'000);
  EXPECT_EQ(garbage_reply(query, garbage_kinds + 2), garbage_reply(query, 2));
}

} // namespace

} // namespace sluice
