#include "tests/sim/pool/corpus_runner.hpp"

#include "sim/pool/pool.hpp"
#include "tests/sim/math/math_vectors.hpp"
#include "tests/support/data_file.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace sluice::test {

namespace {

using nlohmann::json;

address address_of(const json& text) {
  auto hex = text.get<std::string>();
  address x{};
  for (size_t i = 0; i < x.size(); ++i)
    x[i] = static_cast<uint8_t>(std::stoul(hex.substr(2 + 2 * i, 2), nullptr, 16));
  return x;
}
int32_t small(const json& x) {
  return x.get<int32_t>();
}
json amounts(const token_amounts& x) {
  return {{"amount0", to_string(x.amount0)}, {"amount1", to_string(x.amount1)}};
}

struct played {
  revert why = revert::none;
  json ret = json::object();
  json events = json::array();
};

/// An event: its name, its amounts and the arguments it repeats.
json event_of(const char* name, json fields, const json& args,
              std::initializer_list<const char*> repeated) {
  fields["event"] = name;
  for (const auto* key : repeated)
    fields[key] = args[key];
  return fields;
}

pool new_pool(const json& header) {
  auto fee = header["fee"].get<uint32_t>();
  if (!header.contains("unstakedFee"))
    return {fee, small(header["tickSpacing"])};
  return pool(slipstream_terms{fee, header["unstakedFee"].get<uint32_t>(),
                               small(header["tickSpacing"]), address_of(header["gauge"]),
                               address_of(header["positionManager"])});
}

class corpus_player {
public:
  explicit corpus_player(const json& header)
    : pool_(new_pool(header)), owner_(header["owner"]), gauge_(header.value("gauge", json())),
      position_manager_(header.value("positionManager", json())) {}

  const pool& engine() const { return pool_; }
  const path_count& paths() const { return paths_; }
  /// Empty, or which way of swapping differed in the last line.
  std::string take_difference() { return std::exchange(paths_differ_, {}); }

  json play_line(const json& line) {
    pool before = pool_;
    now_ = line["timestamp"].get<uint32_t>();
    const auto did = line["op"] == "batch" ? batch(line) : one(line["op"], line["args"], line);
    json answer{{"ok", did.why == revert::none}, {"events", did.events}};
    if (did.why != revert::none) {
      answer["error"] = reason(did.why);
      answer["unchanged"] = before == pool_;
      answer["events"] = json::array();
      return answer;
    }
    answer["ret"] = did.ret;
    answer["state"] = state();
    touched(line, before, answer);
    return answer;
  }

  json checkpoint(const json& line) {
    json answer{{"state", state()}, {"ticks", json::array()}, {"positions", json::array()}};
    std::map<int32_t, u256> words;
    for (const auto& [tick, info] : pool_.ticks()) {
      answer["ticks"].push_back(tick_json(tick));
      int32_t compressed = tick / pool_.tick_spacing(); // exact
      words[compressed >> 8] |= u256{1} << static_cast<unsigned>(compressed & 255);
    }
    std::set<position_key> listed;
    for (const auto& x : line["positions"]) {
      position_key key{address_of(x["owner"]), small(x["tickLower"]), small(x["tickUpper"])};
      listed.insert(key);
      answer["positions"].push_back(position_json(x["owner"], key));
    }
    answer["no_others"] = std::ranges::all_of(
      pool_.positions(), [&](const auto& x) { return listed.contains(x.first); });
    answer["bitmap"] = json::array();
    for (const auto& [word, bits] : words)
      answer["bitmap"].push_back({{"word", word}, {"bits", to_string(bits)}});
    answer["observe"] = json::array();
    for (const auto& x : line["observe"]) {
      auto seen = pool_.observe(x["secondsAgo"], line["timestamp"]);
      json entry{{"secondsAgo", x["secondsAgo"]}};
      if (seen) {
        entry["tickCumulative"] = to_string(seen->tick_cumulative);
        entry["secondsPerLiquidityCumulativeX128"]
          = to_string(seen->seconds_per_liquidity_cumulative_x128);
      } else {
        entry["error"] = reason(seen.why());
      }
      answer["observe"].push_back(entry);
    }
    auto copy = pool::load(pool_.save());
    answer["loads"] = copy && *copy == pool_;
    return answer;
  }

private:
  played batch(const json& line) {
    pool before = pool_;
    played all;
    all.ret = json::array();
    for (const auto& call : line["args"]["calls"]) {
      auto did = one(call["op"], call["args"], line);
      if (did.why != revert::none) {
        pool_ = before;
        return did;
      }
      all.ret.push_back(did.ret);
      all.events.insert(all.events.end(), did.events.begin(), did.events.end());
    }
    return all;
  }

  played one(const std::string& op, const json& args, const json& line) {
    if (op == "mint" || op == "burn" || op == "collect")
      return liquidity(op, args, line["actor"]);
    if (op == "swap")
      return swap(args, line["actor"]);
    if (op == "flash")
      return flash(args, line["actor"]);
    if (op == "burnFor" || op == "collectFor" || op == "decreaseStaked")
      return liquidity(op, args, line["actor"]);
    if (pool_.slipstream() != nullptr)
      if (auto did = staking(op, args, line["actor"].is_null() ? line["from"] : line["actor"]))
        return *did;
    return administration(op, args, line["from"]);
  }

  static payment pay_of(const json& args) {
    auto how = args["pay"].get<std::string>();
    return {how == "short" || how == "short0", how == "short" || how == "short1", how == "reenter"};
  }

  /// Whose position it is.
  static json owner_of(const std::string& op, const json& args, const json& actor) {
    return op == "mint" ? args["recipient"] : op.ends_with("For") ? args["owner"] : actor;
  }

  or_revert<token_amounts> move_liquidity(const std::string& op, const json& args,
                                          const address& actor, int32_t low, int32_t high) {
    if (op.starts_with("collect")) {
      u128 asked0 = narrow(args["amount0Requested"]);
      u128 asked1 = narrow(args["amount1Requested"]);
      return op == "collect"
               ? pool_.collect(actor, low, high, asked0, asked1)
               : pool_.collect_for(actor, address_of(args["owner"]), low, high, asked0, asked1);
    }
    u128 amount = narrow(args["amount"]);
    if (op == "mint")
      return pool_.mint(address_of(args["recipient"]), low, high, amount, now_, pay_of(args));
    if (op == "burnFor")
      return pool_.burn_for(actor, address_of(args["owner"]), low, high, amount, now_);
    auto burnt = pool_.burn(actor, low, high, amount, now_);
    if (burnt && op == "decreaseStaked")
      if (auto unstaked = pool_.stake(actor, -static_cast<i128>(amount), low, high, false, now_);
          !unstaked)
        return unstaked.why();
    return burnt;
  }

  /// What only Slipstream has; none for an operation that both have.
  std::optional<played> staking(const std::string& op, const json& args, const json& sender) {
    const auto caller = address_of(sender);
    if (op == "setFees") {
      pool_.set_fees(args["fee"].get<uint32_t>(), args["unstakedFee"].get<uint32_t>());
      return played{};
    }
    if (op == "stake") {
      auto delta = i256::parse(args["stakedLiquidityDelta"].get<std::string>()).value();
      auto size = static_cast<i128>(static_cast<u128>(delta.magnitude()));
      return played{pool_
                      .stake(caller, delta.is_negative() ? -size : size, small(args["tickLower"]),
                             small(args["tickUpper"]), args["positionUpdate"].get<bool>(), now_)
                      .why()};
    }
    if (op == "syncReward")
      return played{pool_
                      .sync_reward(caller, wide(args["rewardRate"]), wide(args["rewardReserve"]),
                                   wide(args["periodFinish"]))
                      .why()};
    if (op == "updateRewardsGrowthGlobal")
      return played{pool_.update_rewards(caller, now_).why()};
    if (op != "collectFees")
      return std::nullopt;
    auto taken = pool_.collect_gauge_fees(caller);
    if (!taken)
      return played{taken.why()};
    played did{revert::none, amounts(*taken)};
    json fields = did.ret;
    fields["recipient"] = sender;
    did.events.push_back(event_of("CollectFees", fields, args, {}));
    return did;
  }

  played liquidity(const std::string& op, const json& args, const json& actor) {
    int32_t low = small(args["tickLower"]);
    int32_t high = small(args["tickUpper"]);
    auto moved = move_liquidity(op, args, address_of(actor), low, high);
    if (!moved)
      return {moved.why()};
    played did{revert::none, amounts(*moved)};
    json fields = did.ret;
    fields["owner"] = owner_of(op, args, actor);
    if (op == "mint") {
      fields["sender"] = actor;
      did.events.push_back(event_of("Mint", fields, args, {"tickLower", "tickUpper", "amount"}));
    } else if (!op.starts_with("collect")) {
      did.events.push_back(event_of("Burn", fields, args, {"tickLower", "tickUpper", "amount"}));
    } else {
      did.events.push_back(
        event_of("Collect", fields, args, {"tickLower", "tickUpper", "recipient"}));
    }
    return did;
  }

  played swap(const json& args, const json& actor) {
    swap_request order{args["zeroForOne"].get<bool>(),
                       i256::parse(args["amountSpecified"].get<std::string>()).value(),
                       wide(args["sqrtPriceLimitX96"])};
    const pool before = pool_;
    auto moved = pool_.swap(order, now_, pay_of(args));
    if (args["pay"] == "exact")
      paths_differ_ = swap_paths_differ(before, order, now_, moved, pool_, ++swaps_, paths_);
    if (!moved)
      return {moved.why()};
    played did;
    did.ret = {{"amount0", to_string(moved->amount0)}, {"amount1", to_string(moved->amount1)}};
    json fields = did.ret;
    fields["sender"] = actor;
    fields["sqrtPriceX96"] = to_string(pool_.state().sqrt_price_x96);
    fields["liquidity"] = to_string(pool_.state().liquidity);
    fields["tick"] = pool_.state().tick;
    did.events.push_back(event_of("Swap", fields, args, {"recipient"}));
    return did;
  }

  played flash(const json& args, const json& actor) {
    auto paid = pool_.flash(wide(args["amount0"]), wide(args["amount1"]), wide(args["extra0"]),
                            wide(args["extra1"]), pay_of(args));
    if (!paid)
      return {paid.why()};
    played did;
    json fields{{"sender", actor},
                {"recipient", actor},
                {"paid0", to_string(paid->amount0)},
                {"paid1", to_string(paid->amount1)}};
    did.events.push_back(event_of("Flash", fields, args, {"amount0", "amount1"}));
    return did;
  }

  played administration(const std::string& op, const json& args, const json& from) {
    auto before = pool_.state();
    bool by_owner = from == owner_;
    played did;
    if (op == "initialize") {
      auto tick = pool_.initialize(wide(args["sqrtPriceX96"]), now_);
      if (!tick)
        return {tick.why()};
      did.events.push_back(event_of("Initialize", {{"tick", *tick}}, args, {"sqrtPriceX96"}));
    } else if (op == "setFeeProtocol") {
      auto done = pool_.set_fee_protocol(args["feeProtocol0"].get<uint8_t>(),
                                         args["feeProtocol1"].get<uint8_t>(), by_owner);
      if (!done)
        return {done.why()};
      did.events.push_back({{"event", "SetFeeProtocol"},
                            {"feeProtocol0Old", before.fee_protocol % 16},
                            {"feeProtocol1Old", before.fee_protocol / 16},
                            {"feeProtocol0New", args["feeProtocol0"]},
                            {"feeProtocol1New", args["feeProtocol1"]}});
    } else if (op == "collectProtocol") {
      auto taken = pool_.collect_protocol(narrow(args["amount0Requested"]),
                                          narrow(args["amount1Requested"]), by_owner);
      if (!taken)
        return {taken.why()};
      did.ret = amounts(*taken);
      json fields = did.ret;
      fields["sender"] = from;
      did.events.push_back(event_of("CollectProtocol", fields, args, {"recipient"}));
    } else {
      auto done = pool_.increase_observation_cardinality_next(
        args.at("observationCardinalityNext").get<uint16_t>());
      if (!done)
        return {done.why()};
      auto next = pool_.state().observation_cardinality_next;
      if (next != before.observation_cardinality_next)
        did.events.push_back(
          {{"event", "IncreaseObservationCardinalityNext"},
           {"observationCardinalityNextOld", before.observation_cardinality_next},
           {"observationCardinalityNextNew", next}});
    }
    return did;
  }

  json state() const {
    const auto& s = pool_.state();
    auto newest = pool_.observation_at(s.observation_index);
    json all{{"sqrtPriceX96", to_string(s.sqrt_price_x96)},
             {"tick", s.tick},
             {"liquidity", to_string(s.liquidity)},
             {"feeGrowthGlobal0X128", to_string(s.fee_growth_global0_x128)},
             {"feeGrowthGlobal1X128", to_string(s.fee_growth_global1_x128)},
             {"unlocked", s.unlocked},
             {"balance0", to_string(s.balance0)},
             {"balance1", to_string(s.balance1)},
             {"observationIndex", s.observation_index},
             {"observationCardinality", s.observation_cardinality},
             {"observationCardinalityNext", s.observation_cardinality_next},
             {"obsTimestamp", newest.block_timestamp},
             {"obsTickCumulative", to_string(newest.tick_cumulative)},
             {"obsSecondsPerLiquidityCumulativeX128",
              to_string(newest.seconds_per_liquidity_cumulative_x128)}};
    const auto* staked = pool_.slipstream();
    all[staked == nullptr ? "protocolFees0" : "gaugeFees0"] = to_string(s.protocol_fees0);
    all[staked == nullptr ? "protocolFees1" : "gaugeFees1"] = to_string(s.protocol_fees1);
    if (staked == nullptr) {
      all["feeProtocol"] = s.fee_protocol;
      return all;
    }
    all["stakedLiquidity"] = to_string(staked->staked_liquidity);
    all["rewardGrowthGlobalX128"] = to_string(staked->rewards.growth_global_x128);
    all["rewardRate"] = to_string(staked->rewards.rate);
    all["rewardReserve"] = to_string(staked->rewards.reserve);
    all["periodFinish"] = to_string(staked->rewards.period_finish);
    all["rollover"] = to_string(staked->rewards.rollover);
    all["lastUpdated"] = staked->rewards.last_updated;
    return all;
  }

  json tick_json(int32_t tick) const {
    auto x = pool_.tick(tick);
    json all{{"tick", tick},
             {"liquidityGross", to_string(x.liquidity_gross)},
             {"liquidityNet", to_string(x.liquidity_net)},
             {"feeGrowthOutside0X128", to_string(x.fee_growth_outside0_x128)},
             {"feeGrowthOutside1X128", to_string(x.fee_growth_outside1_x128)},
             {"tickCumulativeOutside", to_string(x.tick_cumulative_outside)},
             {"secondsPerLiquidityOutsideX128", to_string(x.seconds_per_liquidity_outside_x128)},
             {"secondsOutside", x.seconds_outside},
             {"initialized", x.initialized}};
    if (pool_.slipstream() != nullptr) {
      auto stake = pool_.stake_of(tick);
      all["stakedLiquidityNet"] = to_string(stake.liquidity_net);
      all["rewardGrowthOutsideX128"] = to_string(stake.reward_growth_outside_x128);
    }
    return all;
  }

  json position_json(const json& owner, const position_key& key) const {
    auto x = pool_.position(key);
    json all{{"owner", owner},
             {"tickLower", key.tick_lower},
             {"tickUpper", key.tick_upper},
             {"liquidity", to_string(x.liquidity)},
             {"feeGrowthInside0LastX128", to_string(x.fee_growth_inside0_last_x128)},
             {"feeGrowthInside1LastX128", to_string(x.fee_growth_inside1_last_x128)},
             {"tokensOwed0", to_string(x.tokens_owed0)},
             {"tokensOwed1", to_string(x.tokens_owed1)}};
    if (pool_.slipstream() != nullptr)
      all["rewardGrowthInsideX128"]
        = to_string(pool_.reward_growth_inside(key.tick_lower, key.tick_upper));
    return all;
  }

  /// Ticks passed between the two prices, ticks minted to or burnt from, positions of the calls.
  void touched(const json& line, const pool& before, json& answer) const {
    auto op = line["op"].get<std::string>();
    auto calls = op == "batch" ? line["args"]["calls"] : json::array({line});
    std::set<int32_t> ticks;
    if (op == "swap" || op == "batch") {
      int32_t low = std::min(before.state().tick, pool_.state().tick);
      int32_t high = std::max(before.state().tick, pool_.state().tick);
      for (const auto& [tick, info] : before.ticks())
        if (tick > low && tick <= high)
          ticks.insert(tick);
    }
    answer["crossed"] = ticks.size();
    answer["positions"] = json::array();
    std::set<position_key> seen;
    const std::set<std::string> touching{"mint",    "burn",       "collect",
                                         "burnFor", "collectFor", "decreaseStaked"};
    for (const auto& call : calls) {
      const auto what = call["op"].get<std::string>();
      std::vector<json> owners;
      if (what == "stake")
        owners = {gauge_, position_manager_};
      else if (touching.contains(what))
        owners = {owner_of(what, call["args"], line["actor"])};
      for (const auto& owner : owners) {
        const auto& args = call["args"];
        position_key key{address_of(owner), small(args["tickLower"]), small(args["tickUpper"])};
        if (!what.starts_with("collect"))
          ticks.insert({key.tick_lower, key.tick_upper});
        if (seen.insert(key).second)
          answer["positions"].push_back(position_json(owner, key));
      }
    }
    answer["ticks"] = json::array();
    for (int32_t tick : ticks)
      answer["ticks"].push_back(tick_json(tick));
  }

  pool pool_;
  json owner_;
  json gauge_;
  json position_manager_;
  uint32_t now_ = 0;
  uint64_t swaps_ = 0;
  path_count paths_;
  std::string paths_differ_;
};

/// What the line recorded, in the form of our answer.
json recorded(const json& line) {
  if (line["type"] == "checkpoint") {
    json expected{{"no_others", true}, {"loads", true}};
    for (const auto* key : {"state", "ticks", "positions", "bitmap", "observe"})
      expected[key] = line[key];
    return expected;
  }
  json expected{{"ok", line["ok"]}, {"events", line["events"]}};
  for (auto& event : expected["events"])
    event.erase("logIndex");
  if (!line["ok"].get<bool>()) {
    expected["error"] = line["error"]["reason"];
    expected["unchanged"] = true;
    return expected;
  }
  for (const auto* key : {"ret", "state", "crossed", "ticks", "positions"})
    expected[key] = line[key];
  return expected;
}

} // namespace

corpus_report play_corpus(std::string_view text) {
  corpus_report report;
  auto lines = lines_of(text);
  corpus_player player(json::parse(lines.at(0)));
  for (size_t i = 1; i < lines.size(); ++i) {
    auto line = json::parse(lines[i]);
    if (line["type"] == "end")
      break;
    bool is_checkpoint = line["type"] == "checkpoint";
    auto got = is_checkpoint ? player.checkpoint(line) : player.play_line(line);
    auto expected = recorded(line);
    ++(is_checkpoint ? report.checkpoints : report.operations);
    report.reverted += got.contains("error") ? 1 : 0;
    report.paths = player.paths();
    if (const auto why = player.take_difference(); !why.empty())
      report.differences.push_back("line " + std::to_string(i + 1) + ", swap: " + why);
    if (got == expected)
      continue;
    for (const auto& [key, value] : expected.items())
      if (!got.contains(key) || got[key] != value) {
        report.differences.push_back("line " + std::to_string(i + 1) + ", " + key + ": expected "
                                     + value.dump() + ", got " + got.value(key, json()).dump());
        break;
      }
  }
  return report;
}

} // namespace sluice::test
