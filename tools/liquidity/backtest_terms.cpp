#include "tools/liquidity/backtest_terms.hpp"

#include "io/text/json_fields.hpp"
#include "io/text/lines.hpp"
#include "rules/liquidity/score.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>

namespace sluice::tools {

namespace {

constexpr uint64_t length_max = 10'000'000; // blocks or seconds

/// The number at the front of `text`, which loses it.
std::optional<uint64_t> take_number(std::string_view& text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{})
    return std::nullopt;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return number;
}

/// "16.25" with 18 decimals as smallest units; none when it is no such number.
std::optional<u256> parse_amount(std::string_view text, uint8_t decimals) {
  const auto point = text.find('.');
  std::string digits{text.substr(0, point)};
  const auto part = point == std::string_view::npos ? "" : text.substr(point + 1);
  if (digits.empty() || part.size() > decimals || (point != std::string_view::npos && part.empty()))
    return std::nullopt;
  digits += part;
  digits.append(decimals - part.size(), '0');
  const auto amount
    = u256::parse(digits.substr(std::min(digits.find_first_not_of('0'), digits.size() - 1)));
  return amount && amount->fits_u128() ? amount : std::nullopt;
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 12 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
           || std::string_view{".-_/+"}.find(c) != std::string_view::npos;
  });
}

} // namespace

result<span_length> parse_length(std::string_view flag, std::string_view text) {
  struct unit {
    std::string_view name;
    uint64_t seconds; // 0: blocks
  };
  constexpr unit units[]
    = {{"s", 1}, {"m", 60}, {"min", 60}, {"h", 3600}, {"d", 86'400}, {"block", 0}, {"blocks", 0}};
  auto rest = text;
  const auto number = take_number(rest);
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  const auto known = std::ranges::find(units, rest, &unit::name);
  if (number && known != std::end(units) && *number > 0) {
    const auto each = std::max<uint64_t>(known->seconds, 1);
    if (*number <= length_max / each)
      return span_length{*number * each, known->seconds == 0};
  }
  return io::bad_line(
    flag, 0, "", "a duration as 900s, 15m, 1h or 1d, or blocks as 450blocks", io::quoted(text),
    number && *number > 0 && known != std::end(units) ? "at most 10000000 seconds or blocks"
                                                      : "write a number and its unit");
}

result<feed_moment> parse_moment(std::string_view flag, std::string_view text) {
  auto rest = text;
  if (const auto number = take_number(rest); number && rest.empty())
    return feed_moment{*number, false};
  for (const char* missing : {"", ":00", " 00:00:00"})
    if (const auto time = io::parse_time(std::string{text} + missing))
      return feed_moment{*time, true};
  return io::bad_line(flag, 0, "", "a block, or a time as 2023-08-14 or \"2023-08-14 12:30\" (UTC)",
                      io::quoted(text), "correct it");
}

result<token_names> parse_token_names(std::string_view text) {
  const auto comma = text.find(',');
  const auto first = text.substr(0, comma);
  const auto second = comma == std::string_view::npos ? "" : text.substr(comma + 1);
  if (is_name(first) && is_name(second))
    return token_names{std::string{first}, std::string{second}};
  return io::bad_line("--tokens", 0, "", "two names, token0 first, as USDC,WETH", io::quoted(text),
                      "at most 12 letters, digits or .-_/+ each");
}

result<inventory> parse_start(std::string_view text, const pool_terms& terms) {
  const auto comma = text.find(',');
  const auto first = parse_amount(text.substr(0, comma), terms.decimals0);
  const auto second = comma == std::string_view::npos
                        ? std::nullopt
                        : parse_amount(text.substr(comma + 1), terms.decimals1);
  if (first && second && !(first->is_zero() && second->is_zero()))
    return inventory{*first, *second};
  return io::bad_line("--start", 0, "",
                      "whole tokens AMOUNT0,AMOUNT1 as 30000,16.25 with at most "
                        + std::to_string(terms.decimals0) + " and "
                        + std::to_string(terms.decimals1) + " decimals",
                      io::quoted(text), "at least one of them above 0");
}

inventory default_start(const u256& sqrt_price_x96, const pool_terms& terms) {
  const bool dollars = terms.decimals0 == 6;
  const auto unit = power_of_ten(std::min<unsigned>(terms.decimals0, 30));
  inventory start;
  start.amount0 = u256{dollars ? 30'000u : 10u} * unit;
  start.amount1 = value_in_token1(start.amount0, {}, sqrt_price_x96);
  return start;
}

feed_pace pace_of(const score_market& market) {
  if (market.bars)
    return {60, true};
  const auto& [first, last]
    = std::pair{market.blocks.facts().first_timed, market.blocks.facts().last_timed};
  if (!first || last->number == first->number || last->time == first->time)
    return {};
  return {static_cast<double>(last->time - first->time)
            / static_cast<double>(last->number - first->number),
          true};
}

uint64_t blocks_in(const span_length& length, const feed_pace& pace) {
  if (length.blocks)
    return length.count;
  const double blocks = std::round(static_cast<double>(length.count) / pace.block_seconds);
  return static_cast<uint64_t>(std::clamp(blocks, 1.0, static_cast<double>(length_max)));
}

result<uint64_t> block_at(const feed_moment& when, const score_market& market) {
  if (!when.is_time)
    return when.value;
  if (market.bars)
    return (when.value + 59) / 60;
  auto blocks = market.blocks.read();
  for (;;) {
    const auto block = blocks.next();
    if (!block)
      return block.error();
    if (!*block)
      return market.blocks.facts().last + 1;
    if ((*block)->time >= when.value)
      return (*block)->number;
  }
}

std::string time_text(uint64_t unix_seconds) {
  const std::chrono::sys_seconds at{
    std::chrono::seconds{static_cast<int64_t>(std::min<uint64_t>(unix_seconds, UINT32_MAX))}};
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const auto rest = static_cast<unsigned>((at - day).count());
  char text[64];
  const int size = std::snprintf(text, sizeof text, "%04d-%02u-%02u %02u:%02u",
                                 static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                                 static_cast<unsigned>(date.day()), rest / 3600, rest / 60 % 60);
  if (rest % 60 != 0)
    std::snprintf(text + size, sizeof text - static_cast<size_t>(size), ":%02u", rest % 60);
  return text;
}

} // namespace sluice::tools
