#include "sim/math/tick_math.hpp"
#include "tests/support/data_file.hpp"
#include "tools/liquidity/score_market.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <unistd.h>

using namespace sluice;

namespace {

tools::score_market read(const char* name) {
  auto market = tools::read_market({test::recording(name)}, {});
  if (!market)
    throw std::runtime_error(market.error().what);
  return *std::move(market);
}

/// The same market with other blocks.
tools::score_market with_blocks(tools::score_market market, const std::vector<feed_block>& blocks) {
  market.blocks = io::recorded_blocks{};
  for (const auto& block : blocks)
    EXPECT_TRUE(market.blocks.add(block));
  return market;
}

} // namespace

TEST(score_market, distinguishes_bars_from_events_by_the_first_line) {
  const auto bars = read("bars.csv");
  EXPECT_TRUE(bars.bars);
  EXPECT_EQ(bars.terms, (pool_terms{500, 10, 6, 18}));
  EXPECT_EQ(bars.name, "bars");
  const auto events = read("p5.jsonl");
  EXPECT_FALSE(events.bars);
  EXPECT_EQ(events.terms, (pool_terms{3000, 60, 18, 18}));
}

TEST(score_market, the_user_decides_about_a_pool) {
  io::pool_overrides asked;
  asked.fee = 100;
  asked.decimals1 = 8;
  const auto market = tools::read_market({test::recording("bars.csv")}, asked);
  ASSERT_TRUE(market);
  EXPECT_EQ(market->terms, (pool_terms{100, 10, 6, 8}));
  asked.sqrt_price_x96 = 1;
  EXPECT_FALSE(tools::read_market({test::recording("bars.csv")}, asked));
}

TEST(score_market, a_window_starts_at_the_first_swap_and_ends_with_the_stream) {
  const auto market = read("p1.jsonl");
  const auto cut = tools::cut_window(market, {}, {});
  ASSERT_TRUE(cut) << cut.error().what;
  EXPECT_EQ(cut->from, 24'000'023U);
  EXPECT_EQ(cut->to, market.blocks.all()->back().number);
  EXPECT_EQ(cut->start.sqrt_price_x96, *u256::parse("4339505179874779489431521"))
    << "initialized in the block of the first swap: starts right after it";
  EXPECT_FALSE(cut->blocks.front()->swaps.empty());
}

TEST(score_market, a_later_window_starts_where_the_events_before_it_left_the_pool) {
  const auto market = read("p1.jsonl");
  const auto all = tools::cut_window(market, {}, {});
  ASSERT_TRUE(all);
  const auto& middle = all->blocks[all->blocks.size() / 2];
  const auto late = tools::cut_window(market, middle->block.number + 1, {});
  const auto early = tools::cut_window(market, {}, middle->block.number);
  ASSERT_TRUE(late && early);
  EXPECT_EQ(late->start, (price_point{middle->sqrt_price_x96, middle->tick}));
  EXPECT_EQ(late->start_pool->state().sqrt_price_x96, middle->sqrt_price_x96);
  EXPECT_EQ(early->blocks.size() + late->blocks.size(), all->blocks.size());
}

TEST(score_market, bars_start_at_the_first_open_tick) {
  const auto market = read("bars.csv");
  const auto blocks = *market.blocks.all();
  const auto& bar = blocks[7];
  const auto cut = tools::cut_window(market, bar.number, {});
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->start.tick, bar.bar->open_tick);
  EXPECT_EQ(cut->start.sqrt_price_x96, sqrt_ratio_at_tick(bar.bar->open_tick));
  EXPECT_EQ(cut->start_pool, nullptr);
  const auto& last = blocks.back();
  const auto after = tools::cut_window(market, last.number + 5, last.number + 9);
  ASSERT_TRUE(after) << "no bar at all: the last close";
  EXPECT_EQ(after->start.tick, last.bar->close_tick);
}

TEST(score_market, states_why_there_is_no_window) {
  const auto market = read("p1.jsonl");
  const auto backwards = tools::cut_window(market, 24'000'100, 24'000'050);
  ASSERT_FALSE(backwards);
  EXPECT_EQ(backwards.error().what, "--from: expected a block up to 24000050 (--to), got 24000100");
  const auto beyond = tools::cut_window(market, 99'000'000, {});
  ASSERT_FALSE(beyond);
  EXPECT_NE(beyond.error().what.find("the last of"), std::string::npos);
  const auto unborn = tools::cut_window(market, 5, 9);
  ASSERT_FALSE(unborn);
  EXPECT_NE(unborn.error().what.find("knows no price before block 5"), std::string::npos);
  auto quiet = *market.blocks.all();
  for (auto& block : quiet)
    std::erase_if(block.events, [](const auto& e) { return e.kind == pool_event_kind::swap; });
  const auto no_swap = tools::cut_window(with_blocks(read("p1.jsonl"), quiet), {}, {});
  ASSERT_FALSE(no_swap);
  EXPECT_NE(no_swap.error().what.find("--from BLOCK"), std::string::npos);
}

TEST(score_market, names_file_and_line_of_an_event_that_does_not_fit) {
  auto blocks = *read("p1.jsonl").blocks.all();
  auto& event = blocks[20].events.front();
  event.amount0 += 1;
  const auto market = with_blocks(read("p1.jsonl"), blocks);
  const auto cut = tools::cut_window(market, {}, {});
  ASSERT_FALSE(cut);
  EXPECT_EQ(
    cut.error().what.find(test::recording("p1.jsonl") + ": line " + std::to_string(event.line)), 0U)
    << cut.error().what;
}

TEST(score_market, one_stream_at_a_time) {
  EXPECT_FALSE(tools::read_market({test::recording("p1.jsonl"), test::recording("p5.jsonl")}, {}));
  EXPECT_FALSE(tools::read_market({}, {}));
  const auto missing = tools::read_market({"/nowhere"}, {});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ec::unreachable);
}

TEST(score_market, a_window_in_parts_is_the_whole_window) {
  for (const char* name : {"p1.jsonl", "p5.jsonl", "aero.jsonl", "bars.csv"}) {
    const auto market = read(name);
    const auto whole = tools::cut_window(market, {}, {});
    ASSERT_TRUE(whole);
    auto parts = tools::window_blocks::open(market, {}, {});
    ASSERT_TRUE(parts);
    EXPECT_TRUE(parts->opening().blocks.empty());
    EXPECT_EQ(parts->opening().start, whole->start);
    EXPECT_EQ(parts->opening().from, whole->from);
    EXPECT_EQ(parts->opening().to, whole->to);
    size_t at = 0;
    for (size_t size = 1;; size = size % 7 + 1) {
      const auto part = parts->next(size);
      ASSERT_TRUE(part);
      if (part->empty())
        break;
      EXPECT_LE(part->size(), size);
      for (const auto& x : *part) {
        EXPECT_EQ(x->block, whole->blocks[at]->block);
        EXPECT_EQ(x->steps, whole->blocks[at]->steps);
        EXPECT_EQ(x->swaps, whole->blocks[at++]->swaps);
      }
    }
    EXPECT_EQ(at, whole->blocks.size()) << name;
  }
}

TEST(score_market, may_come_through_a_pipe) {
  for (const char* name : {"p5.jsonl", "bars.csv"}) {
    const auto text = test::file_bytes(test::recording(name)).substr(0, 30'000);
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const auto whole = text.substr(0, text.rfind('\n') + 1);
    ASSERT_EQ(::write(ends[1], whole.data(), whole.size()), static_cast<ssize_t>(whole.size()));
    ::close(ends[1]);
    const auto market = tools::read_market({"/dev/fd/" + std::to_string(ends[0])}, {});
    ::close(ends[0]);
    ASSERT_TRUE(market) << market.error().what;
    const auto all = *read(name).blocks.all();
    EXPECT_GT(market->blocks.size(), 10U);
    EXPECT_TRUE(std::equal(all.begin(), all.begin() + 10, market->blocks.all()->begin()));
  }
}
