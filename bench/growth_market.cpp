/// Writes long recordings for bench/growth_commands, the same ones for the same numbers.
///
///   growth_market events N   N events of the embedded market, mainnet lines: every swap replays
///   growth_market bars N     N minute bars, a random walk of the price
#include "sim/evaluate/market.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>

namespace {

using namespace sluice;

/// Where lines go; a full buffer leaves through stdio.
class lines_out {
public:
  ~lines_out() { flush(); }
  template <class... Parts>
  void add(const Parts&... parts) {
    (put(parts), ...);
    if (text_.size() > 1 << 16)
      flush();
  }

private:
  void put(std::string_view x) { text_ += x; }
  void put(uint64_t x) { text_ += std::to_string(x); }
  void put(int32_t x) { text_ += std::to_string(x); }
  void flush() {
    if (std::fwrite(text_.data(), 1, text_.size(), stdout) != text_.size())
      std::perror("growth_market");
    text_.clear();
  }

  std::string text_;
};

std::string hex_text(const address& x) {
  std::string text = "0x";
  for (const auto part : x) {
    constexpr char digits[] = "0123456789abcdef";
    text += digits[part >> 4];
    text += digits[part & 15];
  }
  return text;
}

void write_event(lines_out& out, const feed_block& block, const pool_event& e) {
  out.add(R"({"event":")", to_string(e.kind), R"(","block":)", block.number);
  if (e.kind == pool_event_kind::initialize) {
    out.add(R"(,"sqrt_price_x96":")", to_string(e.sqrt_price_x96), "\"}\n");
    return;
  }
  out.add(R"(,"log_index":)", uint64_t{e.log_index}, R"(,"time":)", block.time);
  if (e.kind == pool_event_kind::swap)
    out.add(R"(,"amount0":")", to_string(e.amount0), R"(","amount1":")", to_string(e.amount1),
            R"(","sqrt_price_x96":")", to_string(e.sqrt_price_x96), R"(","liquidity":")",
            to_string(u256{e.liquidity}), R"(","tick":)", e.tick, "}\n");
  else
    out.add(R"(,"owner":")", hex_text(e.owner), R"(","tick_lower":)", e.tick_lower,
            R"(,"tick_upper":)", e.tick_upper, R"(,"amount0":")", to_string(e.amount0),
            R"(","amount1":")", to_string(e.amount1), R"(","liquidity":")",
            to_string(u256{e.liquidity}), "\"}\n");
}

/// Eight trades in a block of twelve seconds.
void write_events(uint64_t count) {
  market_terms terms;
  terms.pool = {3000, 60, 18, 6};
  terms.block_seconds = 12;
  terms.trades_per_block = 8;
  market source(terms, 1);
  lines_out out;
  out.add(R"({"event":"pool","fee":3000,"tick_spacing":60,"decimals0":18,"decimals1":6})", "\n");
  for (uint64_t written = 0; written < count;) {
    const auto block = source.next();
    for (const auto& event : block.events) {
      if (written == count && event.kind != pool_event_kind::initialize)
        return;
      written += event.kind != pool_event_kind::initialize ? 1 : 0;
      write_event(out, block, event);
    }
  }
}

/// A price around 0.0018 WETH per dollar, as of the bundled bars.
void write_bars(uint64_t count) {
  uint64_t state = 1;
  const auto chance = [&state](uint64_t end) { // splitmix64
    uint64_t x = state += 0x9e3779b97f4a7c15;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
    x = (x ^ x >> 27) * 0x94d049bb133111eb;
    return (x ^ x >> 31) % end;
  };
  lines_out out;
  out.add("timestamp,netAmount0,netAmount1,closeTick,openTick,lowestTick,highestTick,inAmount0,"
          "inAmount1,currentLiquidity\n");
  const std::chrono::sys_days begin{std::chrono::year{2023} / 1 / 1};
  int32_t tick = 201'000;
  for (uint64_t minute = 0; minute < count; ++minute) {
    const auto at = begin + std::chrono::minutes{minute};
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date{day};
    const auto rest = static_cast<unsigned>((at - day).count());
    char time[40];
    std::snprintf(time, sizeof time, "%04d-%02u-%02u %02u:%02u:00", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), rest / 60,
                  rest % 60);
    auto next = tick + static_cast<int32_t>(chance(13)) - 6;
    next = std::min(std::max(next, 195'000), 207'000);
    out.add(time, ",0,0,", next, ",", tick, ",", std::min(tick, next), ",", std::max(tick, next),
            ",", 1'000'000'000 + chance(90'000'000'000), ",",
            1'000'000'000'000'000'000 + chance(9'000'000'000'000'000'000), ",",
            7'000'000'000'000'000'000 + chance(1'000'000'000'000'000'000), "\n");
    tick = next;
  }
}

} // namespace

int main(int argc, char** argv) {
  uint64_t count = 0;
  const std::string_view kind = argc > 1 ? argv[1] : "";
  const std::string_view number = argc > 2 ? argv[2] : "";
  const auto read = std::from_chars(number.data(), number.data() + number.size(), count);
  if (argc != 3 || read.ec != std::errc{} || read.ptr != number.data() + number.size()
      || (kind != "events" && kind != "bars")) {
    std::fputs("usage: growth_market events|bars COUNT > FILE\n", stderr);
    return 2;
  }
  if (kind == "events")
    write_events(count);
  else
    write_bars(count);
  return 0;
}
