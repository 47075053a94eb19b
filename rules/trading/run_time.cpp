#include "rules/trading/run_time.hpp"

#include "rules/math/u256.hpp"
#include "rules/trading/event.hpp"

#include <algorithm>

namespace sluice {

namespace {

bool has_feed(const trading_settings& x, trading_feed_kind kind) {
  return std::any_of(x.feeds.begin(), x.feeds.end(),
                     [kind](const auto& feed) { return feed.kind == kind; });
}

} // namespace

bool is_stepped(const trading_settings& x) {
  return x.now_us.has_value() || has_feed(x, trading_feed_kind::world);
}

bool is_endless(const trading_settings& x) {
  const bool recorded = std::all_of(x.feeds.begin(), x.feeds.end(), [](const auto& feed) {
    return feed.kind == trading_feed_kind::file;
  });
  return !recorded || !x.now_us;
}

int64_t step_moment_us(int64_t start_us, uint64_t number, uint64_t blocks_per_step,
                       uint64_t block_seconds) {
  const auto ahead = static_cast<u128>(number) * blocks_per_step; // below 2^128
  const auto most = static_cast<u128>(time_us_max) / static_cast<u128>(us_per_second);
  if (block_seconds != 0 && ahead > most / block_seconds)
    return time_us_max;
  const auto us = ahead * block_seconds * static_cast<u128>(us_per_second);
  const auto left = static_cast<u128>(time_us_max - std::min(start_us, time_us_max));
  return us >= left ? time_us_max : start_us + static_cast<int64_t>(us);
}

bool is_due(int64_t last_us, int64_t now_us, uint64_t every_s) {
  if (now_us < last_us)
    return true;
  return static_cast<uint64_t>(now_us - last_us) / static_cast<uint64_t>(us_per_second) >= every_s;
}

} // namespace sluice
