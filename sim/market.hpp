/// The embedded market: noise traders, an arbitrageur and liquidity providers on our own exact pool.
#pragma once

#include "rules/liquidity/pool_event.hpp"
#include "sim/pool.hpp"

#include <cstdint>
#include <string>

namespace sluice {

struct market_terms {
  pool_terms pool;
  double price = 3000;          // token1 per token0, whole tokens
  double block_seconds = 2;
  uint64_t genesis_time = 1'767'225'600; // 2026-01-01 00:00 UTC
  double volatility_per_day = 0.04;
  double trades_per_block = 0.7;
};

/// Deterministic: the same terms and seed give the same blocks, also after save and load at any block.
class market {
public:
  market(market_terms terms, uint64_t seed);

  /// The next block; the first one (number 0) initializes the pool and brings the first liquidity.
  /// Every event carries how it was asked for, and what the pool answered.
  feed_block next();

  /// Number of the block that next() will make.
  uint64_t next_number() const;

  const pool& state() const;

  std::string save() const;
  static result<market> load(std::string_view bytes);

private:
  market_terms terms_;
  pool pool_;
  // ... whatever it needs; all of it in save()
};

} // namespace sluice
