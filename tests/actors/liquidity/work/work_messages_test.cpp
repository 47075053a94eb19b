#include "actors/liquidity/work/work_messages.hpp"
#include "storage/codec.hpp"
#include "tests/support/job_world.hpp"

namespace sluice::test {
namespace {

TEST(work_messages, a_block_comes_back_as_it_was) {
  const auto market = market_of(small_job(), 100, 130);
  size_t swaps = 0;
  for (const auto& record : market->blocks) {
    const auto bytes = storage::encode(to_wire(*record));
    auto message = storage::decode<wire_block>(bytes);
    ASSERT_TRUE(message) << message.error().what;
    const auto back = from_wire(*std::move(message));
    EXPECT_EQ(back.block, record->block);
    EXPECT_EQ(back.steps, record->steps);
    EXPECT_EQ(back.swaps, record->swaps);
    EXPECT_EQ(back.sqrt_price_x96, record->sqrt_price_x96);
    EXPECT_EQ(back.tick, record->tick);
    EXPECT_EQ(back.reward, record->reward);
    swaps += back.swaps.size();
  }
  EXPECT_GT(swaps, 10u);
}

TEST(work_messages, outcomes_and_faults_come_back_and_nothing_else_does) {
  plan_outcome good;
  good.tick = 7;
  good.metrics.impermanent_loss = 0.125;
  const std::vector<result<plan_outcome>> all{good, fault{ec::invalid_argument, "no"}};
  auto back = from_wire(to_wire(all), 2);
  ASSERT_TRUE(back);
  EXPECT_EQ(*(*back)[0], good);
  EXPECT_EQ((*back)[1].error(), all[1].error());
  EXPECT_FALSE(from_wire(to_wire(all), 3)) << "one is missing";
  EXPECT_FALSE(from_wire({{200, "what", {}}}, 1)) << "no such fault";
  EXPECT_FALSE(from_wire({{0, "", {}}}, 1)) << "neither";
  EXPECT_FALSE(from_wire({{3, "", good}}, 1)) << "both";
}

} // namespace
} // namespace sluice::test
