#include "io/pool/pool_initialization.hpp"
#include "sim/math/tick_math.hpp"
#include "sim/pool/pool.hpp"
#include "tests/support/data_file.hpp"
#include "tools/replay/replay.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>

namespace {

using namespace sluice;

/// Plays a random opening of a pool and writes down what an indexer would.
class opening {
public:
  opening(pool_terms terms, uint64_t seed) : at_(terms.fee, terms.tick_spacing), chance_(seed) {
    const auto tick = static_cast<int32_t>(chance_() % 400'000) - 200'000;
    start_ = sqrt_ratio_at_tick(tick) + chance_() % 1000;
    EXPECT_TRUE(at_.initialize(start_, 0));
  }

  void mint(int32_t lower_words, int32_t upper_words) {
    const auto spacing = at_.tick_spacing();
    const auto here = at_.state().tick / spacing;
    pool_event event;
    event.kind = pool_event_kind::mint;
    event.tick_lower = (here + lower_words) * spacing;
    event.tick_upper = (here + upper_words) * spacing;
    event.liquidity = 1'000'000'000'000 + chance_() % 1'000'000'000'000'000'000;
    auto got = at_.mint(event.owner, event.tick_lower, event.tick_upper, event.liquidity, 0);
    ASSERT_TRUE(got);
    event.amount0 = i256::from_u256(got->amount0);
    event.amount1 = i256::from_u256(got->amount1);
    put(event);
  }

  void swap(bool zero_for_one, bool exact_input, bool to_limit) {
    const auto& now = at_.state();
    const auto size = u256{chance_() % 1'000'000'000'000 + 1'000'000};
    swap_request order{zero_for_one, i256::from_u256(size),
                       zero_for_one ? min_sqrt_ratio + 1 : max_sqrt_ratio - 1};
    if (!exact_input)
      order.amount_specified = -i256::from_u256(size / 1000);
    if (to_limit) {
      const auto step = now.sqrt_price_x96 / (1000 + chance_() % 100'000);
      order.sqrt_price_limit_x96
        = zero_for_one ? now.sqrt_price_x96 - step : now.sqrt_price_x96 + step;
      order.amount_specified = i256::max();
    }
    auto got = at_.swap(order, 0);
    if (!got)
      return; // the swap before went to the end of all prices
    pool_event event;
    event.amount0 = got->amount0;
    event.amount1 = got->amount1;
    event.sqrt_price_x96 = at_.state().sqrt_price_x96;
    event.tick = at_.state().tick;
    event.liquidity = at_.state().liquidity;
    put(event);
  }

  const u256& start() const { return start_; }
  const std::vector<feed_block>& blocks() const { return blocks_; }

private:
  void put(pool_event event) {
    const auto number = blocks_.size() + 1;
    event.line = static_cast<uint32_t>(number);
    blocks_.push_back({number, number, {event}, {}});
  }

  pool at_;
  std::mt19937_64 chance_;
  u256 start_;
  std::vector<feed_block> blocks_;
};

/// Finds the initialization of `seen` and replays all of it from there.
void expect_found(const opening& seen, const pool_terms& terms) {
  const auto initialization = io::find_pool_initialization("x", seen.blocks(), {});
  ASSERT_TRUE(initialization) << initialization.error().what;
  EXPECT_EQ(initialization->fee, terms.fee);
  EXPECT_EQ(initialization->tick_spacing, terms.tick_spacing);
  io::event_stream stream{"x", terms, seen.blocks()};
  io::initialize_at(stream.blocks, initialization->sqrt_price_x96);
  const auto report = tools::replay_stream("x", stream, {});
  EXPECT_FALSE(report.first) << tools::as_text(report);
  EXPECT_EQ(report.operations, seen.blocks().size());
}

constexpr std::array<pool_terms, 4> all_terms{
  {{100, 1, 18, 18}, {500, 10, 18, 18}, {3000, 60, 18, 18}, {10000, 200, 18, 18}}};

TEST(pool_initialization, is_found_when_a_mint_around_the_price_comes_first) {
  for (uint64_t seed = 1; seed <= 48; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const auto terms = all_terms[seed % 4];
    opening seen(terms, seed);
    seen.mint(-40, 40);
    seen.mint(-7, 11);
    seen.swap(seed & 4, seed & 8, (seed & 48) == 48);
    for (int i = 0; i < 6; ++i)
      seen.swap(i % 2 == 0, i % 3 == 0, false);
    ASSERT_FALSE(HasFatalFailure());
    expect_found(seen, terms);
  }
}

TEST(pool_initialization, is_found_when_the_first_mint_is_beside_the_price) {
  for (uint64_t seed = 1; seed <= 24; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const auto terms = all_terms[seed % 4];
    opening seen(terms, seed);
    const bool above = seed & 4;
    above ? seen.mint(5, 300) : seen.mint(-300, -5);
    for (int i = 0; i < 6; ++i)
      seen.swap((i % 2 == 1) == above, seed & 8, false);
    ASSERT_FALSE(HasFatalFailure());
    expect_found(seen, terms);
  }
}

TEST(pool_initialization, is_found_when_a_swap_moved_the_empty_pool) {
  for (uint64_t seed = 1; seed <= 24; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const auto terms = all_terms[seed % 4];
    opening seen(terms, seed);
    seen.swap(seed & 4, true, true);
    seen.swap(seed & 8, true, true);
    seen.mint(-40, 40);
    for (int i = 0; i < 6; ++i)
      seen.swap(i % 2 == 0, i % 3 == 0, false);
    ASSERT_FALSE(HasFatalFailure());
    expect_found(seen, terms);
  }
}

TEST(pool_initialization, is_refused_when_the_stream_starts_later) {
  opening seen(all_terms[2], 1);
  seen.mint(-40, 40);
  seen.swap(true, true, false);
  seen.swap(false, true, false);
  auto blocks = seen.blocks();
  blocks.erase(blocks.begin());
  const auto initialization = io::find_pool_initialization("x", blocks, {});
  ASSERT_FALSE(initialization);
  EXPECT_TRUE(initialization.error().what.starts_with("x:2: liquidity: expected 0"))
    << initialization.error().what;
}

TEST(pool_initialization, asks_for_terms_that_are_not_standard) {
  opening seen({2500, 50, 18, 18}, 3);
  seen.mint(-40, 40);
  for (int i = 0; i < 4; ++i)
    seen.swap(i % 2 == 0, true, false);
  const auto initialization = io::find_pool_initialization("x", seen.blocks(), {});
  ASSERT_FALSE(initialization);
  EXPECT_NE(initialization.error().what.find("--pool"), std::string::npos)
    << initialization.error().what;
  io::pool_overrides overrides;
  overrides.fee = 2500;
  overrides.tick_spacing = 50;
  const auto found = io::find_pool_initialization("x", seen.blocks(), overrides);
  ASSERT_TRUE(found) << found.error().what;
  io::event_stream stream{"x", {2500, 50, 18, 18}, seen.blocks()};
  io::initialize_at(stream.blocks, found->sqrt_price_x96);
  EXPECT_FALSE(tools::replay_stream("x", stream, {}).first);
}

TEST(pool_initialization, of_every_recorded_pool_is_found_and_replays_without_a_difference) {
  if (!test::shared_has("vectors/uniswap-v3"))
    GTEST_SKIP() << "not in the shared folder: vectors/uniswap-v3";
  size_t files = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(test::shared_folder() / "vectors/uniswap-v3")) {
    const auto path = entry.path().string();
    if (!path.ends_with(".indexer.jsonl"))
      continue;
    SCOPED_TRACE(path);
    const auto stream = io::read_event_stream(path);
    ASSERT_TRUE(stream) << stream.error().what;
    // p1-weth-usdc-500: the name ends with the fee
    EXPECT_TRUE(stream->name.ends_with("-" + std::to_string(stream->terms.fee)));
    const auto report = tools::replay_stream(path, *stream, {});
    EXPECT_FALSE(report.first) << tools::as_text(report);
    ++files;
  }
  EXPECT_EQ(files, 6u);
}

} // namespace
