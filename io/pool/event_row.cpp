#include "io/pool/event_row.hpp"

#include "io/pool/pool_overrides.hpp"
#include "sim/math/tick_math.hpp"

#include <array>

namespace sluice::io {

namespace {

constexpr row_names mainnet_names{"event", "block", "time", "log_index", "liquidity"};
constexpr row_names indexer_names{"table", "evt_block_number", "evt_block_time", "evt_index",
                                  "amount"};

struct kind_name {
  std::string_view mainnet, indexer;
  pool_event_kind kind;
};
constexpr std::array<kind_name, 10> kind_names{
  {{"swap", "swaps", pool_event_kind::swap},
   {"mint", "mints", pool_event_kind::mint},
   {"burn", "burns", pool_event_kind::burn},
   {"collect", "collects", pool_event_kind::collect},
   {"initialize", "", pool_event_kind::initialize},
   {"fees", "fees", pool_event_kind::fees},
   {"stake", "stakes", pool_event_kind::stake},
   {"unstake", "unstakes", pool_event_kind::unstake},
   {"reward", "rewards", pool_event_kind::reward},
   {"reward_update", "reward_updates", pool_event_kind::reward_update}}};

int32_t read_tick(json_fields& fields, std::string_view name) {
  return static_cast<int32_t>(fields.number(name, min_tick - 1, max_tick));
}

u256 read_price(json_fields& fields) {
  constexpr std::string_view name = "sqrt_price_x96";
  const auto price = fields.whole(name, 160);
  if (!fields.failed() && (price < min_sqrt_ratio || price >= max_sqrt_ratio))
    fields.fail(
      name, "a price from " + to_string(min_sqrt_ratio) + " to below " + to_string(max_sqrt_ratio),
      to_string(price), correct_it);
  return price;
}

void read_range(json_fields& fields, pool_event& event) {
  event.tick_lower = static_cast<int32_t>(fields.number("tick_lower", min_tick, max_tick));
  event.tick_upper = static_cast<int32_t>(fields.number("tick_upper", min_tick, max_tick));
  if (!fields.failed() && event.tick_lower >= event.tick_upper)
    fields.fail("tick_upper", "a tick above tick_lower", std::to_string(event.tick_upper),
                correct_it);
}

void read_amounts(json_fields& fields, pool_event& event) {
  event.amount0 = i256::from_u256(fields.whole("amount0", 255));
  event.amount1 = i256::from_u256(fields.whole("amount1", 255));
}

uint32_t read_fee(json_fields& fields, std::string_view name, int64_t max) {
  return static_cast<uint32_t>(fields.number(name, 0, max));
}

void read_swap(json_fields& fields, pool_event& event) {
  event.amount0 = fields.integer("amount0");
  event.amount1 = fields.integer("amount1");
  event.sqrt_price_x96 = read_price(fields);
  event.liquidity = fields.whole128("liquidity");
  event.tick = read_tick(fields, "tick");
}

/// A gauge moves the position with its stake, unless it minted or burned it itself.
void read_stake(json_fields& fields, const row_names& names, pool_event& event) {
  read_range(fields, event);
  if (fields.has("owner")) // the user, who owns the NFT
    event.owner = fields.account("owner");
  event.liquidity = fields.whole128(fields.has("liquidity") ? "liquidity" : names.minted);
  if (fields.has("moves") && !fields.flag("moves"))
    event.kind = event.kind == pool_event_kind::stake ? pool_event_kind::stake_only
                                                      : pool_event_kind::unstake_only;
}

void read_reward(json_fields& fields, std::optional<uint64_t> now, pool_event& event) {
  const auto rate = fields.whole("rate", 128);
  const auto until = static_cast<uint64_t>(fields.number("until", 0, UINT32_MAX));
  const auto left = until - std::min(until, now.value_or(until));
  event.amount0 = i256::from_u256(rate);
  event.amount1
    = i256::from_u256(fields.has("reserve") ? fields.whole("reserve", 255) : rate * left);
  event.liquidity = until;
}

/// Has the place of `event`.
pool_event fees_before(const pool_event& event, uint32_t fee, uint32_t unstaked_fee) {
  pool_event fees;
  fees.kind = pool_event_kind::fees;
  fees.log_index = event.log_index;
  fees.line = event.line;
  fees.amount0 = fee;
  fees.amount1 = unstaked_fee;
  return fees;
}

void read_body(json_fields& fields, const row_names& names, event_row& row,
               uint32_t& unstaked_fee) {
  auto& event = row.events.back();
  switch (event.kind) {
  case pool_event_kind::initialize:
    event.sqrt_price_x96 = read_price(fields);
    return;
  case pool_event_kind::mint:
  case pool_event_kind::burn:
    event.owner = fields.account("owner");
    read_range(fields, event);
    event.liquidity = fields.whole128(names.minted);
    read_amounts(fields, event);
    return;
  case pool_event_kind::collect:
    event.owner = fields.account("owner");
    read_range(fields, event);
    read_amounts(fields, event);
    return;
  case pool_event_kind::swap:
    read_swap(fields, event);
    if (fields.has("fee"))
      row.events.insert(
        row.events.begin(),
        fees_before(event, read_fee(fields, "fee", slipstream_fee_max), unstaked_fee));
    return;
  case pool_event_kind::fees:
    if (fields.has("unstaked_fee"))
      unstaked_fee = read_fee(fields, "unstaked_fee", 1'000'000);
    event = fees_before(event, read_fee(fields, "fee", slipstream_fee_max), unstaked_fee);
    return;
  case pool_event_kind::stake:
  case pool_event_kind::unstake:
    read_stake(fields, names, event);
    return;
  case pool_event_kind::reward: { // first what is due under the old rate, as gauges do
    read_reward(fields, row.time, event);
    pool_event due;
    due.kind = pool_event_kind::reward_update;
    due.log_index = event.log_index;
    due.line = event.line;
    row.events.insert(row.events.begin(), due);
    return;
  }
  default: // reward_update contains nothing more
    return;
  }
}

} // namespace

const row_names& names_of(row_form form) {
  return form == row_form::mainnet ? mainnet_names : indexer_names;
}

bool has_terms(row_form form, json_fields& fields) {
  return fields.text(names_of(form).kind) == "pool" && !fields.failed();
}

pool_terms read_terms(json_fields& fields) {
  pool_terms terms;
  if (fields.has("kind")) {
    const auto kind = fields.text("kind");
    if (kind == "slipstream")
      terms.kind = pool_kind::slipstream;
    else if (!fields.failed() && kind != "uniswap")
      fields.fail("kind", "uniswap or slipstream", io::quoted(kind), correct_it);
  }
  const bool slipstream = terms.kind == pool_kind::slipstream;
  terms.tick_spacing = static_cast<int32_t>(fields.number("tick_spacing", 1, 16'383));
  const auto standard = slipstream ? slipstream_fee_of(terms.tick_spacing) : std::nullopt;
  terms.fee = standard && !fields.has("fee")
                ? *standard
                : read_fee(fields, "fee", slipstream ? slipstream_fee_max : 999'999);
  if (fields.has("decimals0"))
    terms.decimals0 = fields.number_as<uint8_t>("decimals0");
  if (fields.has("decimals1"))
    terms.decimals1 = fields.number_as<uint8_t>("decimals1");
  if (!slipstream)
    return terms;
  terms.unstaked_fee = fields.has("unstaked_fee") ? read_fee(fields, "unstaked_fee", 1'000'000)
                                                  : slipstream_unstaked_fee;
  if (fields.has("gauge"))
    terms.gauge = fields.account("gauge");
  if (fields.has("position_manager"))
    terms.position_manager = fields.account("position_manager");
  return terms;
}

event_row read_row(row_form form, json_fields& fields, uint32_t line, uint32_t& unstaked_fee) {
  const bool mainnet = form == row_form::mainnet;
  const auto& names = names_of(form);
  event_row row;
  const auto kind = fields.text(names.kind);
  const kind_name* known = nullptr;
  for (const auto& x : kind_names)
    if (!kind.empty() && kind == (mainnet ? x.mainnet : x.indexer))
      known = &x;
  if (!known) {
    fields.fail(names.kind,
                mainnet ? "initialize, mint, burn, collect or swap"
                        : "swaps, mints, burns or collects",
                io::quoted(kind), "remove the line, other events do not move the price");
    return row;
  }
  const bool initialization = known->kind == pool_event_kind::initialize;
  auto& event = row.events.emplace_back();
  event.kind = known->kind;
  event.line = line;
  row.block = static_cast<uint64_t>(fields.number(names.block, 0, INT64_MAX));
  row.placed = !initialization || fields.has(names.log_index);
  if (row.placed)
    event.log_index = fields.number_as<uint32_t>(names.log_index);
  if (!initialization || fields.has(names.time))
    row.time = fields.time(names.time);
  read_body(fields, names, row, unstaked_fee);
  return row;
}

} // namespace sluice::io
