#include "io/liquidity/block_source.hpp"
#include "sim/math/tick_math.hpp"
#include "tests/support/shared.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace sluice::io {
namespace {

job_config market_job() {
  job_config job;
  job.id = {"m"};
  job.terms = {500, 10, 18, 6};
  job.feed.seed = 3;
  job.start.amount1 = 1;
  return job;
}

std::vector<feed_block> numbered(std::initializer_list<uint64_t> numbers) {
  std::vector<feed_block> blocks;
  for (const uint64_t number : numbers) {
    feed_block block;
    block.number = number;
    blocks.push_back(block);
  }
  return blocks;
}

/// The next block, which must exist.
feed_block take(block_source& source) {
  auto block = source.next();
  EXPECT_TRUE(block);
  if (!block || !*block) {
    ADD_FAILURE() << "no block";
    return {};
  }
  return **block;
}

bool at_end(block_source& source) {
  const auto block = source.next();
  return block && !block->has_value();
}

/// A folder of its own that goes away with the test.
class block_source_files : public ::testing::Test {
protected:
  block_source_files() {
    std::string name = std::filesystem::temp_directory_path() / "sluice_feed_XXXXXX";
    folder_ = mkdtemp(name.data());
  }
  ~block_source_files() override { std::filesystem::remove_all(folder_); }
  std::string write(const std::string& name, const std::string& text) {
    const auto path = folder_ / name;
    std::ofstream{path, std::ios::binary} << text;
    return path;
  }
  std::filesystem::path folder_;
};

constexpr auto bars_header = "timestamp,netAmount0,netAmount1,closeTick,openTick,lowestTick,"
                             "highestTick,inAmount0,inAmount1,currentLiquidity\n";

TEST(block_source, a_market_never_ends_and_its_cursor_continues_it) {
  const auto terms = market_terms_of(market_job());
  auto source = market_source(terms, 3);
  EXPECT_TRUE(source->endless());
  market same{terms, 3};
  for (int i = 0; i < 200; ++i)
    ASSERT_EQ(take(*source), same.next());
  auto again = market_source(source->cursor(), same.state());
  ASSERT_TRUE(again) << again.error().what;
  for (int i = 0; i < 200; ++i)
    ASSERT_EQ(take(**again), take(*source));
  EXPECT_EQ((*again)->cursor(), source->cursor());
}

TEST(block_source, a_broken_cursor_of_a_market_is_refused) {
  const auto broken = market_source("sluice", pool{500, 10});
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, ec::corrupt_data);
}

TEST(block_source, a_recording_ends_and_stays_at_its_end) {
  auto source = recorded_source(numbered({5, 7, 9}), "r");
  EXPECT_FALSE(source->endless());
  EXPECT_EQ(source->cursor(), "");
  EXPECT_EQ(take(*source).number, 5U);
  EXPECT_EQ(source->cursor(), "5");
  EXPECT_EQ(take(*source).number, 7U);
  EXPECT_EQ(take(*source).number, 9U);
  EXPECT_TRUE(at_end(*source));
  EXPECT_TRUE(at_end(*source));
  EXPECT_EQ(source->cursor(), "9");
}

TEST(block_source, a_recording_continues_after_its_cursor) {
  const std::vector<std::pair<std::string, std::vector<uint64_t>>> cases{
    {"", {5, 7, 9}}, {"5", {7, 9}}, {"7", {9}}, {"9", {}}};
  for (const auto& [cursor, rest] : cases) {
    auto source = recorded_source(numbered({5, 7, 9}), "r", cursor);
    ASSERT_TRUE(source) << source.error().what;
    EXPECT_EQ((*source)->cursor(), cursor);
    for (const uint64_t number : rest)
      EXPECT_EQ(take(**source).number, number);
    EXPECT_TRUE(at_end(**source));
  }
}

TEST(block_source, a_cursor_of_another_recording_is_refused) {
  for (const auto* cursor : {"6", "4", "10", "x", "5x", "-5", "99999999999999999999999"}) {
    const auto source = recorded_source(numbered({5, 7, 9}), "r", cursor);
    ASSERT_FALSE(source) << cursor;
    EXPECT_EQ(source.error().code, ec::corrupt_data);
    EXPECT_TRUE(source.error().what.starts_with("r: ")) << source.error().what;
  }
}

TEST(block_source, blocks_out_of_order_are_a_fault_not_a_block) {
  auto source = recorded_source(numbered({5, 5}), "r");
  EXPECT_EQ(take(*source).number, 5U);
  const auto second = source->next();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error(), (fault{ec::bad_input, "r: block 5 comes after block 5"}));
}

TEST(block_source, a_market_feed_opens_before_its_initialization) {
  const auto job = market_job();
  auto opening = open_feed(job);
  ASSERT_TRUE(opening) << opening.error().what;
  EXPECT_EQ(opening->terms, job.terms);
  EXPECT_EQ(opening->first_block, 1U);
  EXPECT_FALSE(opening->start.alive());
  EXPECT_EQ(opening->title, "market WETH/USDC, seed 3");
  for (int i = 0; i < 500; ++i) {
    const auto applied = opening->start.apply(take(*opening->source));
    ASSERT_TRUE(applied) << applied.error().what;
  }
  EXPECT_TRUE(opening->start.alive());
}

TEST(block_source, the_terms_of_a_market_come_from_its_job) {
  auto job = market_job();
  job.block_seconds = 12;
  job.feed.price = 2;
  job.feed.volatility_per_day = 0.5;
  job.feed.trades_per_block = 3;
  job.feed.depth = 77;
  const auto terms = market_terms_of(job);
  EXPECT_EQ(terms.pool, job.terms);
  EXPECT_EQ(terms.block_seconds, 12);
  EXPECT_EQ(terms.price, 2);
  EXPECT_EQ(terms.volatility_per_day, 0.5);
  EXPECT_EQ(terms.trades_per_block, 3);
  EXPECT_EQ(terms.depth, 77);
  job.feed.price = -1;
  const auto opening = open_feed(job);
  ASSERT_FALSE(opening);
  EXPECT_EQ(opening.error().code, ec::bad_input);
}

TEST(block_source, a_market_feed_reopens_where_it_was) {
  const auto job = market_job();
  auto opening = open_feed(job);
  ASSERT_TRUE(opening);
  for (int i = 0; i < 100; ++i)
    ASSERT_TRUE(opening->start.apply(take(*opening->source)));
  const auto at = opening->start.snapshot();
  const auto cursor = opening->source->cursor();
  auto again = reopen_feed(job, cursor, at.get());
  ASSERT_TRUE(again) << again.error().what;
  for (int i = 0; i < 100; ++i)
    ASSERT_EQ(take(**again), take(*opening->source));
  auto other = job;
  other.feed.price = 2000;
  const auto changed = reopen_feed(other, cursor, at.get());
  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().code, ec::bad_input);
  const auto later = reopen_feed(job, opening->source->cursor(), at.get());
  ASSERT_FALSE(later);
  EXPECT_EQ(later.error().code, ec::corrupt_data);
  const auto without = reopen_feed(job, cursor, nullptr);
  ASSERT_FALSE(without);
  EXPECT_EQ(without.error().code, ec::corrupt_data);
}

TEST_F(block_source_files, bars_open_at_the_first_bar) {
  auto job = market_job();
  job.terms = {500, 10, 6, 18};
  job.feed.kind = feed_kind::bars;
  job.feed.files
    = {write("a.csv", std::string{bars_header}
                        + "2023-08-13 00:00:00,-1,2,201105,201101,201101,201105,0,20,1000\n"
                          "2023-08-13 00:01:00,0,0,201105,201105,201105,201105,0,0,1000\n"),
       write("b.csv", std::string{bars_header}
                        + "2023-08-14 00:00:00,1,-2,201101,201105,201101,201105,10,0,1000\n")};
  auto opening = open_feed(job);
  ASSERT_TRUE(opening) << opening.error().what;
  constexpr uint64_t minute = 28'198'080; // 2023-08-13 00:00 UTC
  EXPECT_EQ(opening->terms, job.terms);
  EXPECT_EQ(opening->first_block, minute);
  EXPECT_TRUE(opening->start.alive());
  EXPECT_EQ(opening->start.price(), (price_point{sqrt_ratio_at_tick(201'101), 201'101}));
  EXPECT_FALSE(opening->source->endless());
  EXPECT_EQ(opening->title, "bars " + job.feed.files[0] + " and 1 more file: 3 bars, blocks "
                              + std::to_string(minute) + "-" + std::to_string(minute + 1440));
  EXPECT_EQ(take(*opening->source).number, minute);
  auto again = reopen_feed(job, opening->source->cursor(), nullptr);
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(take(**again).number, minute + 1);
  EXPECT_EQ(take(**again).number, minute + 1440);
  EXPECT_TRUE(at_end(**again));
}

/// A market's events as mainnet lines: what a recording of it would be.
std::string recorded(const job_config& job, int blocks, size_t& events, uint64_t& first_swap) {
  market m{market_terms_of(job), job.feed.seed};
  std::ostringstream out;
  out << R"({"event":"pool","fee":)" << job.terms.fee << R"(,"tick_spacing":)"
      << job.terms.tick_spacing << "}\n";
  events = 0;
  first_swap = 0;
  for (int i = 0; i < blocks; ++i) {
    const auto block = m.next();
    for (const auto& event : block.events) {
      events += event.kind == pool_event_kind::initialize ? 0 : 1;
      const auto place = R"(,"block":)" + std::to_string(block.number) + R"(,"log_index":)"
                         + std::to_string(event.log_index) + R"(,"time":)"
                         + std::to_string(block.time);
      const auto amounts = R"(,"amount0":")" + to_string(event.amount0) + R"(","amount1":")"
                           + to_string(event.amount1) + R"(")";
      std::string owner = R"(,"owner":"0x)";
      for (const uint8_t byte : event.owner) {
        char hex[3];
        std::snprintf(hex, sizeof hex, "%02x", byte);
        owner += hex;
      }
      owner += R"(","tick_lower":)" + std::to_string(event.tick_lower) + R"(,"tick_upper":)"
               + std::to_string(event.tick_upper);
      const auto liquidity = R"(,"liquidity":")" + to_string(u256{event.liquidity}) + R"(")";
      switch (event.kind) {
      case pool_event_kind::initialize:
        out << R"({"event":"initialize","block":)" << block.number << R"(,"sqrt_price_x96":")"
            << to_string(event.sqrt_price_x96) << "\"}\n";
        break;
      case pool_event_kind::mint:
        out << R"({"event":"mint")" << place << owner << liquidity << amounts << "}\n";
        break;
      case pool_event_kind::burn:
        out << R"({"event":"burn")" << place << owner << liquidity << amounts << "}\n";
        break;
      case pool_event_kind::collect:
        out << R"({"event":"collect")" << place << owner << amounts << "}\n";
        break;
      case pool_event_kind::swap:
        first_swap = first_swap == 0 ? block.number : first_swap;
        out << R"({"event":"swap")" << place << liquidity << amounts << R"(,"sqrt_price_x96":")"
            << to_string(event.sqrt_price_x96) << R"(","tick":)" << event.tick << "}\n";
        break;
      default: // a market has no others
        break;
      }
    }
  }
  return out.str();
}

TEST_F(block_source_files, recorded_events_open_at_the_first_swap) {
  auto job = market_job();
  size_t events = 0;
  uint64_t first_swap = 0;
  const auto text = recorded(job, 400, events, first_swap);
  const auto file = write("pool.jsonl", text);
  job.feed.kind = feed_kind::events;
  job.feed.files = {file};
  auto opening = open_feed(job);
  ASSERT_TRUE(opening) << opening.error().what;
  EXPECT_EQ(opening->terms, job.terms);
  EXPECT_EQ(opening->first_block, first_swap);
  EXPECT_TRUE(opening->title.starts_with("events " + file + ": " + std::to_string(events)
                                         + " events, blocks 0-"))
    << opening->title;
  std::set<uint64_t> seen;
  std::string halfway;
  while (true) {
    auto block = opening->source->next();
    ASSERT_TRUE(block) << block.error().what;
    if (!*block)
      break;
    seen.insert((*block)->number);
    const auto applied = opening->start.apply(**block);
    ASSERT_TRUE(applied) << applied.error().what;
    if (seen.size() == 50)
      halfway = opening->source->cursor();
  }
  ASSERT_GT(seen.size(), 50U);
  auto again = reopen_feed(job, halfway, opening->start.snapshot().get());
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(take(**again).number, *std::next(seen.begin(), 50));
}

TEST_F(block_source_files, start_positions_must_fit_the_recorded_pool) {
  auto job = market_job();
  size_t events = 0;
  uint64_t first_swap = 0;
  job.feed.files = {write("pool.jsonl", recorded(job, 50, events, first_swap))};
  job.feed.kind = feed_kind::events;
  job.start_positions = {{-15, 20, 1}};
  const auto opening = open_feed(job);
  ASSERT_FALSE(opening);
  EXPECT_EQ(opening.error().code, ec::bad_input);
  EXPECT_TRUE(opening.error().what.starts_with("job m: start position -15..20 is not aligned"));
}

TEST_F(block_source_files, only_recordings_of_slipstream_pools_are_for_staked_jobs) {
  auto job = market_job();
  size_t events = 0;
  uint64_t first_swap = 0;
  job.feed.files = {write("pool.jsonl", recorded(job, 50, events, first_swap))};
  job.feed.kind = feed_kind::events;
  job.staked = true;
  const auto refused = open_feed(job);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::bad_input);
  EXPECT_TRUE(refused.error().what.starts_with("job m: staked = true, but "));
  job.terms.kind = pool_kind::slipstream; // as the configuration states
  job.terms.unstaked_fee = 7;
  const auto opened = open_feed(job);
  ASSERT_TRUE(opened) << opened.error().what;
  EXPECT_EQ(opened->terms.kind, pool_kind::slipstream);
  EXPECT_EQ(opened->terms.unstaked_fee, 7u);
}

TEST_F(block_source_files, what_cannot_be_opened_states_why) {
  auto job = market_job();
  for (const auto kind : {feed_kind::events, feed_kind::bars}) {
    job.feed.kind = kind;
    job.feed.files = {folder_ / "missing"};
    const auto missing = open_feed(job);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ec::unreachable);
    EXPECT_FALSE(reopen_feed(job, "", nullptr));
    job.feed.files = {write("empty", "")};
    const auto empty = open_feed(job);
    ASSERT_FALSE(empty);
    EXPECT_EQ(empty.error().code, ec::bad_input);
    job.feed.files.clear();
    EXPECT_FALSE(open_feed(job));
    EXPECT_FALSE(reopen_feed(job, "", nullptr));
  }
  size_t events = 0;
  uint64_t first_swap = 0;
  job.feed.kind = feed_kind::events;
  job.feed.files = {write("unborn.jsonl", recorded(market_job(), 1, events, first_swap))};
  ASSERT_EQ(first_swap, 0U);
  const auto quiet = open_feed(job);
  ASSERT_FALSE(quiet);
  EXPECT_NE(quiet.error().what.find("no swap in it"), std::string::npos);
}

TEST(block_source, a_fault_of_a_recording_names_its_file) {
  feed_config feed;
  const fault why{ec::bad_input, "line 94: swap: recorded 1, the pool got 2"};
  EXPECT_EQ(in_recording(feed, why), why); // a market has no file
  feed.files = {"dir/pool.jsonl"};
  EXPECT_EQ(in_recording(feed, why),
            (fault{ec::bad_input, "dir/pool.jsonl:94: swap: recorded 1, the pool got 2"}));
  EXPECT_EQ(in_recording(feed, {ec::bad_input, "block 7: burn: 3"}).what,
            "dir/pool.jsonl: block 7: burn: 3");
  feed.files.push_back("dir/more.csv"); // the line may be of either
  EXPECT_EQ(in_recording(feed, why).what,
            "dir/pool.jsonl and following: line 94: swap: recorded 1, the pool got 2");
}

TEST(block_source, recordings_of_real_pools_open_when_they_are_at_hand) {
  if (!test::shared_has("data/mainnet/ens-weth-3000.jsonl") || !test::shared_has("data/polygon"))
    GTEST_SKIP() << "no recordings in the shared folder";
  const auto shared = test::shared_folder() / "data";
  job_config job;
  job.id = {"ens"};
  job.feed.kind = feed_kind::events;
  job.feed.files = {(shared / "mainnet/ens-weth-3000.jsonl").string()};
  auto events = open_feed(job);
  ASSERT_TRUE(events) << events.error().what;
  EXPECT_EQ(events->terms, (pool_terms{3000, 60, 18, 18}));
  EXPECT_EQ(events->first_block, 13'578'932U);
  EXPECT_TRUE(events->title.ends_with("68 events, blocks 13578816-13578999")) << events->title;

  job.terms = {500, 10, 6, 18};
  job.feed.kind = feed_kind::bars;
  job.feed.files.clear();
  for (const auto* day : {"13", "14", "15", "16", "17"})
    job.feed.files.push_back((shared / "polygon/usdc-weth-500-2023-08-").string() + day + ".csv");
  auto bars = open_feed(job);
  ASSERT_TRUE(bars) << bars.error().what;
  EXPECT_EQ(bars->first_block, 28'198'080U);
  uint64_t count = 0;
  while (true) {
    const auto block = bars->source->next();
    ASSERT_TRUE(block);
    if (!*block)
      break;
    ++count;
    const auto applied = bars->start.apply(**block);
    ASSERT_TRUE(applied) << applied.error().what;
  }
  EXPECT_EQ(count, 7199U); // one minute of the 14th is missing
}

} // namespace
} // namespace sluice::io
