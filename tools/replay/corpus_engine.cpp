#include "tools/replay/corpus_engine.hpp"

#include "tools/replay/corpus_json.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace sluice::tools {

namespace {

io::json
amounts_event(std::string_view name, std::initializer_list<std::pair<const char*, io::json>> first,
              const io::json& amounts) {
  io::json event{{"event", name}};
  for (const auto& [key, value] : first)
    event[key] = value;
  event["amount0"] = amounts["amount0"];
  event["amount1"] = amounts["amount1"];
  return event;
}

/// The ticks of `initialized` that a price going from tick `from` to tick `to` passes.
std::vector<int32_t>
passed(const std::vector<std::pair<int32_t, tick_info>>& initialized, int32_t from, int32_t to) {
  std::vector<int32_t> found;
  for (const auto& [tick, info] : initialized)
    if (to < from ? tick > to && tick <= from : tick > from && tick <= to)
      found.push_back(tick);
  return found;
}

/// Whose position a call is about.
address owner_of(const corpus_call& call, const address& sender) {
  switch (call.kind) {
  case call_kind::mint:
    return call.recipient;
  case call_kind::burn_for:
  case call_kind::collect_for:
    return call.owner;
  default:
    return sender;
  }
}

bool changes_ticks(call_kind kind) {
  return kind == call_kind::mint || kind == call_kind::burn || kind == call_kind::burn_for
         || kind == call_kind::stake || kind == call_kind::decrease_staked;
}

} // namespace

corpus_engine::corpus_engine(const corpus_header& header)
  : pool_(header.slipstream ? pool(*header.slipstream) : pool(header.fee, header.tick_spacing)),
    owner_(header.owner) {}

corpus_engine::call_answer corpus_engine::run_position(const address& sender, uint32_t now,
                                                       const corpus_call& call, io::json& events) {
  const bool mint = call.kind == call_kind::mint;
  const bool collect = call.kind == call_kind::collect || call.kind == call_kind::collect_for;
  const auto owner = owner_of(call, sender);
  auto got = move_liquidity(sender, now, call);
  if (!got)
    return {got.why(), {}};
  const auto ret = amounts_json(*got);
  const io::json lower = call.tick_lower, upper = call.tick_upper;
  if (collect)
    events.push_back(amounts_event("Collect",
                                   {{"owner", io::to_text(owner)},
                                    {"recipient", io::to_text(call.recipient)},
                                    {"tickLower", lower},
                                    {"tickUpper", upper}},
                                   ret));
  else if (mint)
    events.push_back(amounts_event("Mint",
                                   {{"sender", io::to_text(sender)},
                                    {"owner", io::to_text(owner)},
                                    {"tickLower", lower},
                                    {"tickUpper", upper},
                                    {"amount", to_string(u256{call.liquidity})}},
                                   ret));
  else
    events.push_back(amounts_event("Burn",
                                   {{"owner", io::to_text(owner)},
                                    {"tickLower", lower},
                                    {"tickUpper", upper},
                                    {"amount", to_string(u256{call.liquidity})}},
                                   ret));
  return {revert::none, ret};
}

/// What only the factory's owner may do.
corpus_engine::call_answer
corpus_engine::run_owner(const address& sender, const corpus_call& call, io::json& events) {
  const bool by_owner = sender == owner_;
  if (call.kind == call_kind::set_fee_protocol) {
    const auto before = pool_.state().fee_protocol;
    const auto new0 = static_cast<uint8_t>(call.number0);
    const auto new1 = static_cast<uint8_t>(call.number1);
    if (auto got = pool_.set_fee_protocol(new0, new1, by_owner); !got)
      return {got.why(), {}};
    events.push_back({{"event", "SetFeeProtocol"},
                      {"feeProtocol0Old", before % 16},
                      {"feeProtocol1Old", before >> 4},
                      {"feeProtocol0New", new0},
                      {"feeProtocol1New", new1}});
    return {};
  }
  auto got = pool_.collect_protocol(static_cast<u128>(call.amount0),
                                    static_cast<u128>(call.amount1), by_owner);
  if (!got)
    return {got.why(), {}};
  const auto ret = amounts_json(*got);
  events.push_back(amounts_event(
    "CollectProtocol",
    {{"sender", io::to_text(sender)}, {"recipient", io::to_text(call.recipient)}}, ret));
  return {revert::none, ret};
}

/// initialize, flash and the oracle's size.
corpus_engine::call_answer corpus_engine::run_rest(const address& sender, uint32_t now,
                                                   const corpus_call& call, io::json& events) {
  if (call.kind == call_kind::initialize) {
    auto tick = pool_.initialize(call.sqrt_price_x96, now);
    if (!tick)
      return {tick.why(), {}};
    events.push_back(
      {{"event", "Initialize"}, {"sqrtPriceX96", to_string(call.sqrt_price_x96)}, {"tick", *tick}});
    return {};
  }
  if (call.kind == call_kind::flash) {
    auto paid = pool_.flash(call.amount0, call.amount1, call.extra0, call.extra1, call.pay);
    if (!paid)
      return {paid.why(), {}};
    events.push_back({{"event", "Flash"},
                      {"sender", io::to_text(sender)},
                      {"recipient", io::to_text(sender)}, // whoever borrows also receives
                      {"amount0", to_string(call.amount0)},
                      {"amount1", to_string(call.amount1)},
                      {"paid0", to_string(paid->amount0)},
                      {"paid1", to_string(paid->amount1)}});
    return {};
  }
  const auto before = pool_.state().observation_cardinality_next;
  if (auto got = pool_.increase_observation_cardinality_next(static_cast<uint16_t>(call.number0));
      !got)
    return {got.why(), {}};
  const auto after = pool_.state().observation_cardinality_next;
  if (after != before)
    events.push_back({{"event", "IncreaseObservationCardinalityNext"},
                      {"observationCardinalityNextOld", before},
                      {"observationCardinalityNextNew", after}});
  return {};
}

corpus_engine::call_answer
corpus_engine::run(const address& sender, uint32_t now, const corpus_call& call, io::json& events) {
  switch (call.kind) {
  case call_kind::mint:
  case call_kind::burn:
  case call_kind::collect:
  case call_kind::burn_for:
  case call_kind::collect_for:
  case call_kind::decrease_staked:
    return run_position(sender, now, call, events);
  case call_kind::set_fees:
  case call_kind::stake:
  case call_kind::sync_reward:
  case call_kind::update_rewards_growth_global:
  case call_kind::collect_fees:
    return run_gauge(sender, now, call, events);
  case call_kind::set_fee_protocol:
  case call_kind::collect_protocol:
    return run_owner(sender, call, events);
  case call_kind::swap: {
    auto got = pool_.swap(call.order, now, call.pay);
    if (!got)
      return {got.why(), {}};
    const auto ret = amounts_json(*got);
    auto event = amounts_event(
      "Swap", {{"sender", io::to_text(sender)}, {"recipient", io::to_text(call.recipient)}}, ret);
    event["sqrtPriceX96"] = to_string(pool_.state().sqrt_price_x96);
    event["liquidity"] = to_string(u256{pool_.state().liquidity});
    event["tick"] = pool_.state().tick;
    events.push_back(std::move(event));
    return {revert::none, ret};
  }
  default:
    return run_rest(sender, now, call, events);
  }
}

/// The positions that a call touches, in the recorder's order.
std::vector<position_key>
corpus_engine::positions_of(const corpus_call& call, const address& sender) const {
  const auto of = [&call](const address& owner) {
    return position_key{owner, call.tick_lower, call.tick_upper};
  };
  if (call.kind == call_kind::stake)
    return {of(pool_.slipstream()->gauge), of(pool_.slipstream()->position_manager)};
  if (changes_ticks(call.kind) || call.kind == call_kind::collect
      || call.kind == call_kind::collect_for)
    return {of(owner_of(call, sender))};
  return {};
}

corpus_answer corpus_engine::execute(const corpus_operation& operation) {
  const auto& call = operation.call;
  const bool batch = call.kind == call_kind::batch;
  const std::span<const corpus_call> calls{batch ? call.calls.data() : &call,
                                           batch ? call.calls.size() : 1};
  const bool moves = batch || call.kind == call_kind::swap;
  const auto initialized = moves ? pool_.ticks() : decltype(pool_.ticks()){};
  const auto tick_before = pool_.state().tick;
  std::optional<pool> before; // a batch is all or nothing
  if (batch)
    before = pool_;

  corpus_answer answer;
  answer.events = io::json::array();
  answer.ret = batch ? io::json::array() : io::json::object();
  std::set<int32_t> ticks;
  std::vector<position_key> keys;
  for (const auto& x : calls) {
    auto got = run(operation.sender, operation.now, x, answer.events);
    if (got.why != revert::none) {
      if (before)
        pool_ = *std::move(before);
      answer.events = io::json::array();
      answer.why = got.why;
      return answer;
    }
    batch ? answer.ret.push_back(std::move(got.ret)) : void(answer.ret = std::move(got.ret));
    if (changes_ticks(x.kind))
      ticks.insert({x.tick_lower, x.tick_upper});
    for (const auto& key : positions_of(x, operation.sender))
      if (std::find(keys.begin(), keys.end(), key) == keys.end())
        keys.push_back(key);
  }
  answer.ok = true;
  const auto crossed = passed(initialized, tick_before, pool_.state().tick);
  answer.crossed = crossed.size();
  ticks.insert(crossed.begin(), crossed.end());
  answer.state = state_json(pool_);
  answer.ticks = io::json::array();
  for (const auto tick : ticks)
    answer.ticks.push_back(tick_json(pool_, tick));
  answer.positions = io::json::array();
  for (const auto& key : keys) {
    answer.positions.push_back(position_json(pool_, key));
    if (known_.insert(key).second)
      touched_.push_back(key);
  }
  return answer;
}

io::json corpus_engine::checkpoint() const {
  const auto initialized = pool_.ticks();
  io::json all{
    {"state", state_json(pool_)}, {"ticks", io::json::array()}, {"positions", io::json::array()}};
  for (const auto& [tick, info] : initialized)
    all["ticks"].push_back(tick_json(pool_, tick));
  for (const auto& key : touched_)
    all["positions"].push_back(position_json(pool_, key));
  all["bitmap"] = bitmap_json(initialized, pool_.tick_spacing());
  return all;
}

} // namespace sluice::tools
