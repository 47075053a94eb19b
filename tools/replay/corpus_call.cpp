#include "tools/replay/corpus_call.hpp"

#include <array>
#include <optional>

namespace sluice::tools {

namespace {

constexpr std::array<std::string_view, 18> kind_names{"initialize",
                                                      "mint",
                                                      "burn",
                                                      "collect",
                                                      "swap",
                                                      "flash",
                                                      "setFeeProtocol",
                                                      "collectProtocol",
                                                      "increaseObservationCardinalityNext",
                                                      "batch",
                                                      "setFees",
                                                      "stake",
                                                      "syncReward",
                                                      "updateRewardsGrowthGlobal",
                                                      "collectFees",
                                                      "burnFor",
                                                      "collectFor",
                                                      "decreaseStaked"};
constexpr int64_t fee_max = 999'999;
constexpr int64_t unstaked_fee_max = 1'000'000;

constexpr std::string_view correct_call = "correct this line or record the corpus again";

std::optional<call_kind> parse_kind(std::string_view text) {
  for (size_t i = 0; i < kind_names.size(); ++i)
    if (kind_names[i] == text)
      return static_cast<call_kind>(i);
  return {};
}

/// A swap's callback is short in whichever token it owes.
payment read_pay(io::json_fields& args, call_kind kind) {
  if (!args.has("pay"))
    return {};
  const auto text = args.text("pay");
  const bool both = text == "short" || (kind == call_kind::swap && text.starts_with("short"));
  if (text == "exact")
    return {};
  if (both || text == "short0" || text == "short1")
    return {both || text == "short0", both || text == "short1", false};
  if (text != "reenter")
    args.fail("pay", "exact, short, short0, short1 or reenter", io::quoted(text), correct_call);
  return {false, false, true};
}

int32_t read_tick(io::json_fields& args, std::string_view name) {
  constexpr int64_t int24_max = (1 << 23) - 1;
  return static_cast<int32_t>(args.number(name, -int24_max - 1, int24_max));
}

void read_range(io::json_fields& args, corpus_call& call) {
  call.tick_lower = read_tick(args, "tickLower");
  call.tick_upper = read_tick(args, "tickUpper");
}

void read_requested(io::json_fields& args, corpus_call& call) {
  call.recipient = args.account("recipient");
  call.amount0 = args.whole("amount0Requested", 128);
  call.amount1 = args.whole("amount1Requested", 128);
}

void read_swap(io::json_fields& args, corpus_call& call) {
  call.recipient = args.account("recipient");
  call.order.zero_for_one = args.flag("zeroForOne");
  call.order.amount_specified = args.integer("amountSpecified");
  call.order.sqrt_price_limit_x96 = args.whole("sqrtPriceLimitX96", 160);
}

void read_flash(io::json_fields& args, corpus_call& call) {
  call.amount0 = args.whole("amount0");
  call.amount1 = args.whole("amount1");
  call.extra0 = args.has("extra0") ? args.whole("extra0") : u256{};
  call.extra1 = args.has("extra1") ? args.whole("extra1") : u256{};
}

void read_stake(io::json_fields& args, corpus_call& call) {
  read_range(args, call);
  const auto delta = args.integer("stakedLiquidityDelta");
  const auto size = delta.magnitude();
  if (size > u256{u128_max >> 1})
    args.fail("stakedLiquidityDelta", "an integer of 128 bits", to_string(delta), correct_call);
  call.stake_delta = static_cast<i128>(static_cast<u128>(size));
  if (delta.is_negative())
    call.stake_delta = -call.stake_delta;
  call.move_position = args.flag("positionUpdate");
}

void read_reward(io::json_fields& args, corpus_call& call) {
  call.amount0 = args.whole("rewardRate");
  call.amount1 = args.whole("rewardReserve");
  call.extra0 = args.whole("periodFinish");
}

/// Of a call that only Slipstream has.
void read_slipstream_args(io::json_fields& args, corpus_call& call) {
  switch (call.kind) {
  case call_kind::set_fees:
    call.number0 = static_cast<uint32_t>(args.number("fee", 0, fee_max));
    call.number1 = static_cast<uint32_t>(args.number("unstakedFee", 0, unstaked_fee_max));
    break;
  case call_kind::stake:
    read_stake(args, call);
    break;
  case call_kind::sync_reward:
    read_reward(args, call);
    break;
  case call_kind::burn_for:
    call.owner = args.account("owner");
    [[fallthrough]];
  case call_kind::decrease_staked:
    read_range(args, call);
    call.liquidity = args.whole128("amount");
    break;
  case call_kind::collect_for:
    call.owner = args.account("owner");
    read_range(args, call);
    read_requested(args, call);
    break;
  default:
    break;
  }
}

void read_args(io::json_fields& args, corpus_call& call) {
  switch (call.kind) {
  case call_kind::initialize:
    call.sqrt_price_x96 = args.whole("sqrtPriceX96", 160);
    break;
  case call_kind::mint:
    call.recipient = args.account("recipient");
    [[fallthrough]];
  case call_kind::burn:
    read_range(args, call);
    call.liquidity = args.whole128("amount");
    break;
  case call_kind::collect:
    read_range(args, call);
    [[fallthrough]];
  case call_kind::collect_protocol:
    read_requested(args, call);
    break;
  case call_kind::swap:
    read_swap(args, call);
    break;
  case call_kind::flash:
    read_flash(args, call);
    break;
  case call_kind::set_fee_protocol:
    call.number0 = args.number_as<uint8_t>("feeProtocol0");
    call.number1 = args.number_as<uint8_t>("feeProtocol1");
    break;
  case call_kind::increase_observation_cardinality_next:
    call.number0 = args.number_as<uint16_t>("observationCardinalityNext");
    break;
  case call_kind::batch:
    break;
  default:
    read_slipstream_args(args, call);
  }
  call.pay = read_pay(args, call.kind);
}

/// `op` and `args` of a line, or of a call inside a batch.
result<corpus_call> parse_call(const io::json& object, std::string_view file, uint32_t line,
                               const std::string& prefix, bool inside_batch) {
  io::json_fields fields(object, file, line, prefix);
  const auto name = fields.text("op");
  const auto kind = parse_kind(name);
  if (!fields.failed() && (!kind || (inside_batch && *kind == call_kind::batch)))
    fields.fail("op", "an operation of the pool", io::quoted(name), correct_call);
  const auto& args_object = fields.part("args");
  if (fields.failed())
    return fields.error();
  corpus_call call;
  call.kind = *kind;
  io::json_fields args(args_object, file, line, prefix + "args.");
  read_args(args, call);
  const io::json none = io::json::array();
  const io::json& calls = call.kind == call_kind::batch ? args.part("calls", true) : none;
  if (calls.size() > batch_calls_max)
    args.fail("calls", "at most " + std::to_string(batch_calls_max) + " calls",
              std::to_string(calls.size()), correct_call);
  if (args.failed())
    return args.error();
  for (size_t i = 0; i < calls.size(); ++i) {
    const auto at = prefix + "args.calls[" + std::to_string(i) + "]";
    if (!calls[i].is_object())
      return io::bad_line(file, line, at, "an object", io::shown(calls[i]), correct_call);
    auto inner = parse_call(calls[i], file, line, at + ".", true);
    if (!inner)
      return inner.error();
    call.calls.push_back(*std::move(inner));
  }
  return call;
}

} // namespace

std::string_view to_text(call_kind kind) {
  return kind_names[static_cast<size_t>(kind)];
}

result<corpus_operation>
parse_operation(const io::json& object, std::string_view file, uint32_t line) {
  io::json_fields fields(object, file, line);
  corpus_operation made;
  const bool direct = !fields.has("actor") || object.at("actor").is_null();
  made.sender = fields.account(direct ? "from" : "actor"); // the pool's msg.sender
  // Block times are 64 bits on the chain; the pool keeps the low 32.
  made.now = static_cast<uint32_t>(fields.number("timestamp", 0, INT64_MAX));
  if (fields.failed())
    return fields.error();
  auto call = parse_call(object, file, line, "", false);
  if (!call)
    return call.error();
  made.call = *std::move(call);
  return made;
}

result<corpus_header> parse_header(const io::json& object, std::string_view file, uint32_t line) {
  io::json_fields fields(object, file, line);
  corpus_header header;
  header.name = fields.has("name") ? fields.text("name") : "";
  if (fields.has("format"))
    fields.number("format", 1, 1);
  header.fee = static_cast<uint32_t>(fields.number("fee", 0, fee_max));
  header.tick_spacing = static_cast<int32_t>(fields.number("tickSpacing", 1, 16'383));
  header.owner = fields.account("owner");
  if (fields.has("unstakedFee"))
    header.slipstream
      = {header.fee, static_cast<uint32_t>(fields.number("unstakedFee", 0, unstaked_fee_max)),
         header.tick_spacing, fields.account("gauge"), fields.account("positionManager")};
  if (fields.failed())
    return fields.error();
  return header;
}

} // namespace sluice::tools
