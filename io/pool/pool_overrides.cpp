#include "io/pool/pool_overrides.hpp"

#include "io/text/json_fields.hpp"
#include "io/text/lines.hpp"
#include "sim/math/tick_math.hpp"

#include <algorithm>
#include <type_traits>

namespace sluice::io {

namespace {

fault bad_override(std::string_view key, std::string_view expected, std::string_view got) {
  return bad_line("--pool", 0, key, expected, io::quoted(got),
                  "write for example --pool fee=500,tick-spacing=10,decimals0=6,decimals1=18");
}

/// One "key=value"; false when the key is unknown.
result<nothing> take_override(std::string_view key, std::string_view value, pool_overrides& to) {
  const auto number = u256::parse(value);
  auto within = [&](uint64_t min, uint64_t max) {
    return number && *number >= u256{min} && *number <= u256{max};
  };
  auto once = [&](auto& field, auto x) -> result<nothing> {
    if (field)
      return bad_line("--pool", 0, key, "each key once", "a second one", "remove one of them");
    field = static_cast<typename std::remove_reference_t<decltype(field)>::value_type>(x);
    return nothing{};
  };
  const auto low = static_cast<uint64_t>(number.value_or(u256{}));
  if (key == "fee")
    return within(0, 999'999) ? once(to.fee, low) : bad_override(key, "0 to 999999", value);
  if (key == "tick-spacing")
    return within(1, 16'383) ? once(to.tick_spacing, low) : bad_override(key, "1 to 16383", value);
  if (key == "decimals0" || key == "decimals1")
    return within(0, 255) ? once(key == "decimals0" ? to.decimals0 : to.decimals1, low)
                          : bad_override(key, "0 to 255", value);
  if (key == "sqrt-price-x96")
    return number && *number >= min_sqrt_ratio && *number < max_sqrt_ratio
             ? once(to.sqrt_price_x96, *number)
             : bad_override(key,
                            "a price from " + to_string(min_sqrt_ratio) + " to below "
                              + to_string(max_sqrt_ratio),
                            value);
  if (key == "kind") {
    if (value != "uniswap" && value != "slipstream")
      return bad_override(key, "uniswap or slipstream", value);
    return once(to.kind, value == "slipstream" ? pool_kind::slipstream : pool_kind::uniswap);
  }
  if (key == "unstaked-fee")
    return within(0, 1'000'000) ? once(to.unstaked_fee, low)
                                : bad_override(key, "0 to 1000000", value);
  if (key == "gauge" || key == "position-manager") {
    const auto account = parse_address(value);
    return account ? once(key == "gauge" ? to.gauge : to.position_manager, *account)
                   : bad_override(key, "0x and 40 hexadecimal digits", value);
  }
  if (key == "reward-rate")
    return number && number->fits_u128() ? once(to.reward_rate, *number)
                                         : bad_override(key, "0 to 2^128 - 1", value);
  if (key == "reward-until")
    return within(1, UINT32_MAX) ? once(to.reward_until, low)
                                 : bad_override(key, "unix seconds below 2^32", value);
  return bad_override(
    "",
    "fee, tick-spacing, decimals0, decimals1, sqrt-price-x96, kind, unstaked-fee, "
    "gauge, position-manager, reward-rate or reward-until",
    key);
}

/// The gauge brings the rewards up to now, then learns the new rate, in the place of a block's
/// first event.
void reward_at(feed_block& block, const pool_overrides& overrides) {
  auto& events = block.events;
  const bool initialization = !events.empty() && events.front().kind == pool_event_kind::initialize;
  pool_event update;
  update.kind = pool_event_kind::reward_update;
  update.log_index = events.empty() ? 0 : events.front().log_index;
  auto reward = update;
  reward.kind = pool_event_kind::reward;
  reward.amount0 = i256::from_u256(*overrides.reward_rate);
  reward.amount1 = i256::from_u256(*overrides.reward_rate * (*overrides.reward_until - block.time));
  reward.liquidity = *overrides.reward_until;
  events.insert(events.begin() + (initialization ? 1 : 0), {update, reward});
}

} // namespace

result<pool_overrides> parse_pool_overrides(std::string_view text) {
  pool_overrides overrides;
  while (!text.empty()) {
    const auto comma = text.find(',');
    const auto item = text.substr(0, comma);
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
    const auto equals = item.find('=');
    if (equals == std::string_view::npos)
      return bad_override("", "key=value", item);
    if (auto taken = take_override(item.substr(0, equals), item.substr(equals + 1), overrides);
        !taken)
      return taken.error();
  }
  if (overrides.reward_rate.has_value() != overrides.reward_until.has_value())
    return bad_line("--pool", 0, overrides.reward_rate ? "reward-until" : "reward-rate",
                    "reward-rate and reward-until together", "only one of them", "give both");
  return overrides;
}

std::optional<uint32_t> slipstream_fee_of(int32_t tick_spacing) {
  switch (tick_spacing) {
  case 1:
    return 100;
  case 50:
  case 100:
    return 500;
  case 200:
    return 3000;
  case 2000:
    return 10'000;
  default:
    return std::nullopt;
  }
}

pool_terms apply(const pool_overrides& overrides, pool_terms terms) {
  if (overrides.kind && *overrides.kind != terms.kind) {
    terms.kind = *overrides.kind;
    const bool slipstream = terms.kind == pool_kind::slipstream;
    terms.unstaked_fee = slipstream ? slipstream_unstaked_fee : 0;
    if (slipstream)
      terms.fee = slipstream_fee_of(overrides.tick_spacing.value_or(terms.tick_spacing))
                    .value_or(terms.fee);
  }
  terms.fee = overrides.fee.value_or(terms.fee);
  terms.tick_spacing = overrides.tick_spacing.value_or(terms.tick_spacing);
  terms.decimals0 = overrides.decimals0.value_or(terms.decimals0);
  terms.decimals1 = overrides.decimals1.value_or(terms.decimals1);
  if (terms.kind == pool_kind::uniswap)
    return terms;
  terms.unstaked_fee = overrides.unstaked_fee.value_or(terms.unstaked_fee);
  terms.gauge = overrides.gauge.value_or(terms.gauge);
  terms.position_manager = overrides.position_manager.value_or(terms.position_manager);
  return terms;
}

result<nothing> reward_from_initialization(const pool_overrides& overrides, const pool_terms& terms,
                                           std::vector<feed_block>& blocks) {
  if (!overrides.reward_rate)
    return nothing{};
  if (terms.kind != pool_kind::slipstream)
    return bad_line("--pool", 0, "reward-rate", "a Slipstream pool", "a Uniswap V3 pool",
                    "remove it, or add kind=slipstream");
  const auto timed
    = std::ranges::find_if(blocks, [](const auto& block) { return block.time != 0; });
  if (timed == blocks.end() || timed->time >= *overrides.reward_until)
    return bad_line("--pool", 0, "reward-until", "a time after the first event's",
                    std::to_string(*overrides.reward_until), "give the end in unix seconds");
  reward_at(*timed, overrides);
  return nothing{};
}

} // namespace sluice::io
