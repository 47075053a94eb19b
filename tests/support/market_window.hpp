/// A stretch of an invented market, as a window with what its blocks did.
#pragma once

#include "sim/evaluate/market.hpp"
#include "sim/evaluate/window.hpp"

#include <gtest/gtest.h>

namespace sluice::test {

/// `blocks` blocks of the market of `seed` after its first `before`. With its pool every swap can
/// be played again; without, the window holds only what was observed. Counts from 0; prices in the
/// window are Q64.96. A block that cannot be replayed is a test failure.
inline window market_window(const market_terms& terms, uint64_t seed, int before, int blocks,
                            bool with_pool = true) {
  market source(terms, seed);
  auto feed = with_pool
                ? replica::of_pool(terms.pool, pool(terms.pool.fee, terms.pool.tick_spacing))
                : replica::of_pool(terms.pool);
  for (int i = 0; i < before; ++i)
    EXPECT_TRUE(feed.apply(source.next()));
  window cut{terms.pool, source.next_number(), 0, feed.price(), feed.snapshot(), {}};
  for (int i = 0; i < blocks; ++i) {
    auto record = feed.apply(source.next());
    EXPECT_TRUE(record);
    cut.blocks.push_back(*record);
  }
  cut.to = source.next_number() - 1;
  return cut;
}

} // namespace sluice::test
