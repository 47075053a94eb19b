#include "net/files/event_stream.hpp"
#include "sim/window.hpp"

#include <gtest/gtest.h>

using namespace sluice;

namespace {

net::event_stream bundled(const char* name) {
  auto stream = net::read_event_stream(std::string{SOURCE_DIR} + "/tests/data/evaluate/" + name);
  if (!stream)
    throw std::runtime_error(stream.error().what);
  return *std::move(stream);
}

replica born(const pool_terms& terms) {
  return replica::of_pool(terms, pool(terms.fee, terms.tick_spacing));
}

pool_event mint_of(int32_t lower, int32_t upper, u128 liquidity) {
  pool_event e;
  e.kind = pool_event_kind::mint;
  e.line = 3;
  e.owner[0] = 1;
  e.tick_lower = lower;
  e.tick_upper = upper;
  e.liquidity = liquidity;
  return e;
}

pool_event birth() {
  pool_event e;
  e.kind = pool_event_kind::initialize;
  e.line = 2;
  e.sqrt_price_x96 = u256{1} << 96;
  return e;
}

/// What a replica at price 1 with nothing in it says to one more event.
std::string fault_of(const pool_event& event, bool alive = true) {
  auto feed = born({3000, 60, 18, 18});
  if (alive) {
    EXPECT_TRUE(feed.apply({1, 100, {birth()}, {}}));
  }
  const auto before = feed.save();
  auto got = feed.apply({2, 200, {event}, {}});
  EXPECT_EQ(feed.save(), before) << "a fault must change nothing";
  return got ? "" : got.error().what;
}

} // namespace

TEST(replica_events, tells_what_does_not_fit_the_pool) {
  auto swap = mint_of(0, 0, 0);
  swap.kind = pool_event_kind::swap;
  swap.sqrt_price_x96 = u256{1} << 95;
  EXPECT_EQ(fault_of(swap, false), "line 3: swap: the pool is not initialized yet");
  EXPECT_EQ(fault_of(birth()), "line 2: initialize: the pool reverts with AI");
  auto low = birth();
  low.sqrt_price_x96 = 5;
  EXPECT_EQ(fault_of(low, false), "line 2: initialize: sqrt_price_x96 5 is out of range");
  EXPECT_EQ(fault_of(mint_of(60, 120, 0)), "line 3: mint: the pool reverts without a reason");
  EXPECT_EQ(fault_of(mint_of(60, 120, 1'000'000)),
            "line 3: mint: recorded amount0 0, the pool got 2987");
  auto burn = mint_of(60, 120, 5);
  burn.kind = pool_event_kind::burn;
  EXPECT_EQ(fault_of(burn), "line 3: burn: the pool reverts with LS");
  auto collect = mint_of(60, 120, 0);
  collect.kind = pool_event_kind::collect;
  collect.amount0 = -7;
  EXPECT_EQ(fault_of(collect), "line 3: collect: expected amounts of 0 to 2^128 - 1");
  auto nameless = birth();
  nameless.line = 0;
  nameless.log_index = 9;
  EXPECT_EQ(fault_of(nameless), "block 2 log 9: initialize: the pool reverts with AI");
}

TEST(replica_events, names_line_and_field_of_a_swap_that_no_request_explains) {
  const auto stream = bundled("p1.jsonl");
  size_t checked = 0;
  for (int field = 0; field < 5; ++field) {
    auto feed = born(stream.terms);
    for (const auto& block : stream.blocks) {
      auto bent = block;
      auto& last = bent.events.back();
      if (last.kind == pool_event_kind::swap && last.liquidity != 0 && block.number % 3 == 1) {
        switch (field) {
        case 0:
          last.sqrt_price_x96 += last.sqrt_price_x96 >> 12;
          break;
        case 1:
          last.tick += 1;
          break;
        case 2:
          last.liquidity += 1;
          break;
        case 3:
          last.amount0 += 1;
          break;
        default:
          last.amount1 += 1;
          break;
        }
        const auto before = feed.price();
        auto got = feed.apply(bent);
        ASSERT_FALSE(got) << "line " << last.line << " field " << field;
        const auto start = "line " + std::to_string(last.line) + ": swap: ";
        EXPECT_EQ(got.error().what.substr(0, start.size()), start);
        EXPECT_EQ(got.error().code, ec::bad_input);
        EXPECT_EQ(feed.price(), before);
        ++checked;
      }
      ASSERT_TRUE(feed.apply(block));
    }
  }
  EXPECT_GT(checked, 40U);
}
