/// How `sluice backtest` is given time and tokens: lengths, moments, names, amounts.
#pragma once

#include "tools/liquidity/score_market.hpp"

#include <string>
#include <string_view>

namespace sluice::tools {

/// So many seconds, or so many blocks. `count`: 1 to 10,000,000 seconds or blocks. Kept by
/// parse_length.
struct span_length {
  uint64_t count = 0;
  bool blocks = false;
  bool operator==(const span_length&) const = default;
};

/// "900s", "15m", "1h", "2d" or "450blocks"; `flag` is for the error. Anything else than 1 to
/// 10,000,000 seconds or blocks is ec::bad_input.
result<span_length> parse_length(std::string_view flag, std::string_view text);

/// A block, or a time in unix seconds. Any number of 64 bits as a block; times from 1970 on. Kept
/// by parse_moment.
struct feed_moment {
  uint64_t value = 0;
  bool is_time = false;
  bool operator==(const feed_moment&) const = default;
};

/// "13578932", "2023-08-14" or "2023-08-14 12:30[:00]" (UTC). Anything else is ec::bad_input.
result<feed_moment> parse_moment(std::string_view flag, std::string_view text);

struct token_names {
  std::string name0 = "token0";
  std::string name1 = "token1";
};

/// "USDC,WETH": two names of 1 to 12 letters, digits, '.', '-', '_', '/' or '+'. Anything else is
/// ec::bad_input.
result<token_names> parse_token_names(std::string_view text);

/// "30000,16.25" in whole tokens, at least one of them above 0. The amounts are smallest units
/// then, 0 to 2^128-1 each; more digits after the point than the token has decimals, and anything
/// else, is ec::bad_input.
result<inventory> parse_start(std::string_view text, const pool_terms& terms);

/// What everybody starts with by default: 10 token0 (30,000 when it has 6 decimals, as
/// dollars do) and what that is worth in token1. In smallest units; `sqrt_price_x96` is Q64.96, the
/// value rounded down (rules/liquidity/score.hpp). A value beyond 2^256-1 is 2^256-1; errors: none.
inventory default_start(const u256& sqrt_price_x96, const pool_terms& terms);

/// How long a block of this market takes, as its times show; 2 s, the default of a job, when they
/// do not. `block_seconds`: seconds, above 0; of bars 60. Errors: none.
struct feed_pace {
  double block_seconds = 2;
  bool known = false;
};
/// The mean over the blocks whose time is known.
feed_pace pace_of(const score_market& market);

/// A length in blocks, rounded to the nearest, at least 1. At most 10,000,000; a length in blocks
/// is itself. Errors: none.
uint64_t blocks_in(const span_length& length, const feed_pace& pace);

/// The first block at or after a moment; one after the last block when there is none. A block is
/// itself, whether it is in the market or not. The market must have a block; errors are those of
/// reading it again.
result<uint64_t> block_at(const feed_moment& when, const score_market& market);

/// "2023-08-13 00:15" (UTC), with seconds when there are some. Later times than 2106-02-07 are
/// shown as that. Errors: none.
std::string time_text(uint64_t unix_seconds);

} // namespace sluice::tools
