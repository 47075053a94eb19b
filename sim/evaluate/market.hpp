/// The embedded market: noise traders, an arbitrageur and liquidity providers on our own exact
/// pool.
#pragma once

#include "rules/pool/pool_event.hpp"
#include "sim/evaluate/market_chance.hpp"
#include "sim/pool/pool.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// What market_fault allows stands with each; start and depth must also fit the pool's liquidity.
struct market_terms {
  pool_terms pool;
  double price = 3000;                   // token1 per token0, whole tokens; 1e-30 to 1e30
  double block_seconds = 2;              // 0.01 to 86400
  uint64_t genesis_time = 1'767'225'600; // unix seconds, to 4e9; 2026-01-01 00:00 UTC
  double volatility_per_day = 0.04; // standard deviation of the relative change in a day; 0 to 2
  double trades_per_block = 0.7;    // mean number of noise trades, 0 to 100
  double depth = 3'000'000; // worth of one side of the first liquidity, whole token1; 0 to 1e30
  bool operator==(const market_terms&) const = default;
};

/// Empty when a market can be made of these terms, else the reason why not.
std::string market_fault(const market_terms& terms);

/// Deterministic: the same terms and seed give the same blocks, also after save and load at any
/// block. Only load() fails.
class market {
public:
  /// `terms` without a market_fault (not checked), any seed; block 0 is the next one.
  market(market_terms terms, uint64_t seed);

  /// The next block; the first one (number 0) initializes the pool and brings the first liquidity.
  /// Every event carries how it was asked for, and what the pool answered. A call that the pool
  /// would revert is no event. Amounts are smallest units; block times are genesis_time + number *
  /// block_seconds, rounded down.
  feed_block next();

  /// Number of the block that next() will make, from 0.
  uint64_t next_number() const { return number_; }

  const market_terms& terms() const { return terms_; }
  const pool& state() const { return pool_; }
  /// What the arbitrageur believes in: token1 per token0 in smallest units, within 1/50 to 50 times
  /// the start.
  double fundamental() const { return fundamental_; }

  /// The market without its pool as bytes (some kB, however old it is), and again with the pool as
  /// it stood there. load refuses what save did not write, and a pool that stands elsewhere, with
  /// ec::corrupt_data. Bytes of version 0.2.0 and before hold their own pool, and `at` is not
  /// looked at (of the pool inside also ec::schema_mismatch, ec::out_of_range).
  std::string save() const;
  static result<market> load(std::string_view bytes, const pool& at);

private:
  /// A range that somebody holds. Liquidity 0: burned, its tokens not collected yet.
  struct provision {
    address owner{};
    int32_t tick_lower = 0;
    int32_t tick_upper = 0;
    u128 liquidity = 0;
  };

  market(market_terms terms, pool state, chance luck);

  // -- who acts, in the order of a block
  // -----------------------------------------------------------
  void found(feed_block& block);
  void move_fundamental();
  void arbitrage(feed_block& block);
  void provide(feed_block& block);
  void trade(feed_block& block);

  // -- what they do: a call, and an event when the pool took it
  // -------------------------------------
  void swap(feed_block& block, const swap_request& order);
  void add_provision(feed_block& block, const address& owner, double value);
  bool mint(feed_block& block, const provision& what);
  bool burn(feed_block& block, provision& from, u128 liquidity);
  void collect(feed_block& block, const provision& from);
  void leave(feed_block& block, size_t index);

  address new_owner();
  size_t pick_provision();
  double sqrt_price() const;

  market_terms terms_;
  pool pool_;
  chance chance_;
  uint64_t number_ = 0;
  uint32_t now_ = 0; // block time, as the pool sees it
  double fundamental_ = 0;
  double start_ = 0;                  // price of block 0, smallest units
  double depth_ = 0;                  // terms_.depth in smallest units
  std::vector<provision> provisions_; // the first one is never taken out
};

} // namespace sluice
