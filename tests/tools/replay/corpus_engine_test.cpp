#include "tools/replay/corpus_engine.hpp"

#include <gtest/gtest.h>

namespace {

using namespace sluice;
using tools::call_kind;
using tools::corpus_call;
using tools::corpus_engine;

const address someone{1};
const address owner{2};

/// Around tick 0, between `lower` and `upper`.
corpus_call positioned(call_kind kind, int32_t lower, int32_t upper, u128 liquidity) {
  corpus_call call;
  call.kind = kind;
  call.recipient = someone;
  call.tick_lower = lower;
  call.tick_upper = upper;
  call.liquidity = liquidity;
  return call;
}

corpus_call swap_to(const u256& limit, bool zero_for_one) {
  corpus_call call;
  call.order = {zero_for_one, i256::max(), limit};
  return call;
}

class engine : public ::testing::Test {
protected:
  engine() {
    corpus_call initialization;
    initialization.kind = call_kind::initialize;
    initialization.sqrt_price_x96 = u256{1} << 96;
    EXPECT_TRUE(at.execute({someone, 1, initialization}).ok);
  }
  tools::corpus_answer run(const corpus_call& call, const address& by = someone) {
    return at.execute({by, 2, call});
  }
  corpus_engine at{{"n", 3000, 60, owner, {}}};
};

TEST_F(engine, reports_the_ticks_that_a_swap_passed_in_order) {
  EXPECT_TRUE(run(positioned(call_kind::mint, -120, 120, 1'000'000)).ok);
  EXPECT_TRUE(run(positioned(call_kind::mint, -60, 60, 1'000'000)).ok);
  const auto down = run(swap_to((u256{1} << 96) * 99 / 100, true)); // tick -202
  ASSERT_TRUE(down.ok);
  EXPECT_EQ(down.crossed, 2u);
  ASSERT_EQ(down.ticks.size(), 2u);
  EXPECT_EQ(down.ticks[0]["tick"], -120);
  EXPECT_EQ(down.ticks[1]["tick"], -60);
  EXPECT_EQ(down.positions.size(), 0u);
}

TEST_F(engine, shows_a_cleared_tick_as_zeros_and_forgets_no_position) {
  EXPECT_TRUE(run(positioned(call_kind::mint, -60, 60, 5)).ok);
  const auto burnt = run(positioned(call_kind::burn, -60, 60, 5));
  ASSERT_TRUE(burnt.ok);
  EXPECT_EQ(burnt.ticks[0]["initialized"], false);
  EXPECT_EQ(burnt.ticks[0]["secondsOutside"], 0);
  EXPECT_EQ(burnt.positions[0]["liquidity"], "0");
  const auto all = at.checkpoint();
  EXPECT_EQ(all["ticks"].size(), 0u);
  EXPECT_EQ(all["bitmap"].size(), 0u);
  EXPECT_EQ(all["positions"].size(), 1u);
}

TEST_F(engine, lists_positions_as_they_were_first_touched) {
  EXPECT_TRUE(run(positioned(call_kind::mint, 60, 120, 5)).ok);
  EXPECT_TRUE(run(positioned(call_kind::collect, -600, 120, 0)).ok); // never minted, still touched
  EXPECT_TRUE(run(positioned(call_kind::mint, -60, 60, 5)).ok);
  EXPECT_TRUE(run(positioned(call_kind::mint, 60, 120, 5)).ok);
  EXPECT_FALSE(run(positioned(call_kind::mint, 0, 60, 0)).ok);
  const auto positions = at.checkpoint()["positions"];
  ASSERT_EQ(positions.size(), 3u);
  EXPECT_EQ(positions[0]["tickLower"], 60);
  EXPECT_EQ(positions[0]["liquidity"], "10");
  EXPECT_EQ(positions[1]["tickLower"], -600);
  EXPECT_EQ(positions[2]["tickLower"], -60);
}

TEST_F(engine, counts_in_a_batch_only_ticks_that_were_there_before) {
  EXPECT_TRUE(run(positioned(call_kind::mint, -600, 600, 1'000'000)).ok);
  corpus_call batch;
  batch.kind = call_kind::batch;
  batch.calls
    = {positioned(call_kind::mint, -60, 60, 1'000'000), swap_to((u256{1} << 96) * 99 / 100, true),
       positioned(call_kind::burn, -60, 60, 1'000'000)};
  const auto got = run(batch);
  ASSERT_TRUE(got.ok);
  EXPECT_EQ(got.crossed, 0u);
  EXPECT_EQ(got.ticks.size(), 2u); // minted to and burnt from
  EXPECT_EQ(got.ret.size(), 3u);
  EXPECT_EQ(got.events.size(), 3u);
}

TEST_F(engine, leaves_no_trace_of_a_batch_that_failed) {
  EXPECT_TRUE(run(positioned(call_kind::mint, -600, 600, 1'000'000)).ok);
  const auto before = at.checkpoint();
  corpus_call batch;
  batch.kind = call_kind::batch;
  batch.calls
    = {positioned(call_kind::mint, -60, 60, 1'000'000), swap_to((u256{1} << 96) * 99 / 100, true),
       positioned(call_kind::burn, -60, 60, 1'000'001)};
  const auto got = run(batch);
  EXPECT_FALSE(got.ok);
  EXPECT_EQ(got.why, revert::LS);
  EXPECT_EQ(got.events.size(), 0u);
  EXPECT_EQ(at.checkpoint(), before);
}

TEST_F(engine, lets_only_the_owner_touch_the_protocols_fees) {
  corpus_call call;
  call.kind = call_kind::set_fee_protocol;
  call.number0 = 4;
  EXPECT_FALSE(run(call).ok);
  EXPECT_TRUE(run(call, owner).ok);
  call.kind = call_kind::collect_protocol;
  EXPECT_FALSE(run(call).ok);
  const auto got = run(call, owner);
  ASSERT_TRUE(got.ok);
  EXPECT_EQ(got.events[0]["event"], "CollectProtocol");
}

TEST_F(engine, reports_nothing_when_the_oracle_does_not_grow) {
  corpus_call call;
  call.kind = call_kind::increase_observation_cardinality_next;
  call.number0 = 5;
  EXPECT_EQ(run(call).events.dump(),
            R"([{"event":"IncreaseObservationCardinalityNext","observationCardinalityNextOld":1,)"
            R"("observationCardinalityNextNew":5}])");
  EXPECT_EQ(run(call).events.size(), 0u);
}

} // namespace
