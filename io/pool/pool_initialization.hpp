/// Finds the terms and the first price of a pool whose feed does not state them.
///
/// The tick spacing divides every tick of a mint or burn, and goes with its standard fee (Uniswap
/// 100/1, 500/10, 3000/60, 10000/200; Slipstream 100/1, 500/50, 500/100, 3000/200, 10000/2000). The
/// first price:
///   * the first event is a swap without amounts and liquidity: it moved an empty pool, any price
///     on the other side leads to the same end, the next one is taken;
///   * the first event is a mint: the price lies where every mint and burn before the first swap
///     costs what is recorded, and where the first swap, asked for as exact input, exact output or
///     up to a limit, ends as recorded. All of these move one way with the price, so bisection
///     finds the exact range; any price in it leads to the same pool.
/// Every candidate is then re-executed over the first swaps: one set of terms must reproduce them.
/// What cannot be distinguished is asked for (--pool fee=...,tick-spacing=...,sqrt-price-x96=...).
#pragma once

#include "io/pool/event_stream.hpp"
#include "rules/result.hpp"

namespace sluice::io {

/// Fee in hundredths of a basis point, 0 to 999999; spacing 1 to 16383; first price as
/// sqrtPriceX96, min_sqrt_ratio to below max_sqrt_ratio.
struct pool_initialization {
  uint32_t fee = 0;
  int32_t tick_spacing = 0;
  u256 sqrt_price_x96;
};

/// `blocks` start with the pool's first mint or swap and hold no initialize event. `path` is for
/// errors, which have `ec::bad_input`. Of `known` all but fee and tick spacing counts. Where the
/// recording goes on behind `blocks` these hold decisive_swaps of it, and `ticks_beyond` divides
/// the bounds of all mints and burns behind them (0: there are none).
result<pool_initialization>
find_pool_initialization(const std::string& path, const std::vector<feed_block>& blocks,
                         const pool_overrides& overrides, pool_terms known = {},
                         int32_t ticks_beyond = 0);

/// So many swaps with liquidity distinguish one set of terms from another; those of the block that
/// has the last of them are looked at as well.
inline constexpr size_t decisive_swaps = 256;
/// How many of them a block has.
size_t decisive_swaps_in(const feed_block& block);

/// Puts an initialize event with this sqrtPriceX96 at the front of the first block (which must
/// exist, not checked). The price is not checked here.
void initialize_at(std::vector<feed_block>& blocks, const u256& sqrt_price_x96);

} // namespace sluice::io
