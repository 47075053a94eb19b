#include "io/pool/event_stream.hpp"
#include "io/pool/recorded_blocks.hpp"
#include "tests/support/data_file.hpp"

#include <gtest/gtest.h>

#include <random>

using namespace sluice;

namespace {

/// Events with any fields at all.
class any_blocks {
public:
  explicit any_blocks(uint64_t seed) : chance_(seed) {}

  feed_block next() {
    feed_block block;
    block.number = number_ += 1 + chance_() % 1000;
    block.time = coin() ? 0 : chance_() >> (chance_() % 64);
    if (chance_() % 4 == 0) {
      block.bar = price_bar{tick(),  tick(),  static_cast<u128>(whole()),
                            whole(), whole(), static_cast<uint32_t>(chance_())};
      return block;
    }
    for (auto n = chance_() % 5; n > 0; --n)
      block.events.push_back(event());
    return block;
  }

private:
  bool coin() { return chance_() % 2 == 0; }
  u256 whole() {
    if (chance_() % 5 == 0)
      return coin() ? u256{} : u256::max();
    return u256::from_limbs({chance_(), chance_(), chance_(), chance_()})
           >> static_cast<unsigned>(chance_() % 256);
  }
  i256 signed_whole() { return i256::from_u256(coin() ? whole() : -whole()); }
  int32_t tick() {
    constexpr int32_t edges[]{0, -1, 1, INT32_MIN, INT32_MAX, -887'272, 887'272};
    return coin() ? edges[chance_() % std::size(edges)] : static_cast<int32_t>(chance_());
  }
  pool_event event() {
    pool_event e;
    e.kind = static_cast<pool_event_kind>(chance_() % 12);
    e.log_index = static_cast<uint32_t>(chance_());
    e.line = static_cast<uint32_t>(chance_() >> (chance_() % 64));
    if (coin())
      for (auto& part : e.owner)
        part = static_cast<uint8_t>(chance_());
    e.tick_lower = tick();
    e.tick_upper = tick();
    e.liquidity = static_cast<u128>(whole());
    e.amount0 = signed_whole();
    e.amount1 = signed_whole();
    e.sqrt_price_x96 = whole();
    e.tick = tick();
    if (coin())
      e.asked = swap_request{coin(), signed_whole(), whole()};
    return e;
  }

  std::mt19937_64 chance_;
  uint64_t number_ = 0;
};

} // namespace

TEST(recorded_blocks, come_back_as_they_were_added) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  for (const size_t memory : {size_t{0}, size_t{1} << 30}) {
    any_blocks source(seed);
    io::recorded_blocks blocks(memory);
    std::vector<feed_block> wanted;
    for (int i = 0; i < 20'000; ++i) {
      wanted.push_back(source.next());
      ASSERT_TRUE(blocks.add(wanted.back()));
    }
    EXPECT_EQ(blocks.size(), wanted.size());
    for (int twice = 0; twice < 2; ++twice) {
      auto from = blocks.read();
      for (const auto& x : wanted) {
        const auto block = from.next();
        ASSERT_TRUE(block) << block.error().what;
        ASSERT_TRUE(*block == x) << "block " << x.number;
      }
      const auto end = from.next();
      ASSERT_TRUE(end);
      EXPECT_FALSE(*end);
    }
    const auto all = blocks.all();
    ASSERT_TRUE(all);
    EXPECT_EQ(*all, wanted);
  }
}

TEST(recorded_blocks, a_replaced_block_is_read_in_the_place_of_the_other) {
  any_blocks source(3);
  io::recorded_blocks blocks;
  std::vector<feed_block> wanted;
  for (int i = 0; i < 10; ++i) {
    wanted.push_back(source.next());
    ASSERT_TRUE(blocks.add(wanted.back()));
  }
  for (const size_t index : {0, 4}) {
    pool_event first;
    first.kind = pool_event_kind::reward;
    wanted[index].events.insert(wanted[index].events.begin(), first);
    blocks.replace(index, wanted[index]);
  }
  EXPECT_EQ(*blocks.all(), wanted);
  EXPECT_TRUE(blocks.facts().rewards);
}

TEST(recorded_blocks, state_what_is_to_be_known_before_the_first_is_played) {
  io::recorded_blocks blocks;
  EXPECT_TRUE(blocks.empty());
  pool_event swap, mint, stake;
  mint.kind = pool_event_kind::mint;
  stake.kind = pool_event_kind::stake_only;
  ASSERT_TRUE(blocks.add({10, 0, {mint}, {}}));
  EXPECT_FALSE(blocks.facts().first_swap);
  EXPECT_FALSE(blocks.facts().stakes);
  ASSERT_TRUE(blocks.add({12, 500, {mint, swap}, {}}));
  ASSERT_TRUE(blocks.add({15, 700, {stake}, {}}));
  ASSERT_TRUE(blocks.add({19, 0, {swap}, {}}));
  const auto& facts = blocks.facts();
  EXPECT_EQ(facts.first, 10U);
  EXPECT_EQ(facts.last, 19U);
  EXPECT_EQ(facts.first_swap, 12U);
  EXPECT_EQ(facts.first_timed->number, 12U);
  EXPECT_EQ(facts.last_timed->time, 700U);
  EXPECT_TRUE(facts.stakes);
  EXPECT_FALSE(facts.rewards);
  io::recorded_blocks bars;
  ASSERT_TRUE(bars.add({1, 60, {}, price_bar{-7, 5, 1, {}, {}, 2}}));
  ASSERT_TRUE(bars.add({2, 120, {}, price_bar{5, 6, 1, {}, 9, 3}}));
  EXPECT_EQ(bars.facts().first_open_tick, -7);
  EXPECT_EQ(bars.facts().first_swap, 2U) << "the first that anybody paid into";
}

TEST(recorded_blocks, of_a_stream_are_the_blocks_of_the_stream) {
  for (const char* name : {"p1.jsonl", "p5.jsonl", "aero.jsonl"}) {
    const auto stream = io::read_event_stream(test::recording(name));
    const auto recording = io::read_event_recording(test::recording(name));
    ASSERT_TRUE(stream && recording);
    EXPECT_EQ(*recording->blocks.all(), stream->blocks);
    EXPECT_EQ(recording->terms, stream->terms);
    EXPECT_EQ(recording->name, stream->name);
  }
}
