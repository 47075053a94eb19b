/// Recorded Slipstream pools as streams: what an indexer sees of them, and what a recorder that
/// follows the gauge too would report, both from ../shared/vectors/slipstream (half of each is
/// bundled).
#include "io/pool/event_stream.hpp"
#include "io/text/json_fields.hpp"
#include "sim/evaluate/window.hpp"
#include "tests/support/data_file.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tools/replay/replay.hpp"

#include <gtest/gtest.h>

#include <map>

namespace {

using namespace sluice;
using io::json;

const std::vector<std::string> recordings{"s1-weth-usdc-cl100", "s2-usdc-btc-cl1",
                                          "s3-torture-cl200"};

u256 number(const json& x) {
  return x.is_string() ? *u256::parse(x.get<std::string>()) : u256{x.get<uint64_t>()};
}
i256 integer(const json& x) {
  return x.is_string() ? *i256::parse(x.get<std::string>()) : i256{x.get<int64_t>()};
}

struct recording {
  std::vector<json> lines; // of the corpus
  std::string rows;        // of the indexer
  bool whole = false;
};

recording load(const std::string& name) {
  recording found;
  found.whole = test::shared_has("vectors/slipstream/" + name + ".jsonl")
                && test::shared_has("vectors/slipstream/" + name + ".indexer.jsonl");
  const auto text = found.whole ? test::shared_text("vectors/slipstream/" + name + ".jsonl")
                                : test::bundled_text(name + ".jsonl");
  for (const auto line : test::lines_of(text))
    found.lines.push_back(json::parse(line));
  found.rows = found.whole ? test::shared_text("vectors/slipstream/" + name + ".indexer.jsonl")
                           : test::bundled_text(name + ".indexer.jsonl");
  return found;
}

pool_terms terms_of(const json& header) {
  pool_terms terms;
  terms.kind = pool_kind::slipstream;
  terms.fee = header["fee"].get<uint32_t>();
  terms.unstaked_fee = header["unstakedFee"].get<uint32_t>();
  terms.tick_spacing = header["tickSpacing"].get<int32_t>();
  terms.gauge = *io::parse_address(header["gauge"].get<std::string>());
  terms.position_manager = *io::parse_address(header["positionManager"].get<std::string>());
  return terms;
}

std::optional<pool_event> event_of(const json& x) {
  static const std::map<std::string, pool_event_kind> kinds{
    {"Initialize", pool_event_kind::initialize},
    {"Swap", pool_event_kind::swap},
    {"Mint", pool_event_kind::mint},
    {"Burn", pool_event_kind::burn},
    {"Collect", pool_event_kind::collect}};
  const auto kind = kinds.find(x["event"].get<std::string>());
  if (kind == kinds.end())
    return {};
  pool_event e;
  e.kind = kind->second;
  e.log_index = x["logIndex"].get<uint32_t>();
  if (x.contains("owner"))
    e.owner = *io::parse_address(x["owner"].get<std::string>());
  if (x.contains("tickLower")) {
    e.tick_lower = x["tickLower"].get<int32_t>();
    e.tick_upper = x["tickUpper"].get<int32_t>();
  }
  if (x.contains("amount"))
    e.liquidity = static_cast<u128>(number(x["amount"]));
  if (x.contains("amount0")) {
    e.amount0 = integer(x["amount0"]);
    e.amount1 = integer(x["amount1"]);
  }
  if (x.contains("sqrtPriceX96"))
    e.sqrt_price_x96 = number(x["sqrtPriceX96"]);
  if (e.kind == pool_event_kind::swap) {
    e.liquidity = static_cast<u128>(number(x["liquidity"]));
    e.tick = x["tick"].get<int32_t>();
  }
  return e;
}

/// What a recorder reports that has seen the events of the gauge and the factory as well.
std::vector<pool_event> events_of(const json& op) {
  std::vector<pool_event> events;
  for (const auto& x : op["events"])
    if (auto event = event_of(x))
      events.push_back(*event);
  const auto name = op["op"].get<std::string>();
  const auto& args = op["args"];
  pool_event aside;
  if (name == "setFees") {
    aside.kind = pool_event_kind::fees;
    aside.amount0 = integer(args["fee"]);
    aside.amount1 = integer(args["unstakedFee"]);
  } else if (name == "stake") {
    const auto delta = integer(args["stakedLiquidityDelta"]);
    const bool moves = args["positionUpdate"].get<bool>();
    aside.kind = delta.is_negative()
                   ? (moves ? pool_event_kind::unstake : pool_event_kind::unstake_only)
                   : (moves ? pool_event_kind::stake : pool_event_kind::stake_only);
    aside.liquidity = static_cast<u128>(delta.magnitude());
  } else if (name == "decreaseStaked") {
    aside.kind = pool_event_kind::unstake_only;
    aside.liquidity = static_cast<u128>(number(args["amount"]));
  } else if (name == "syncReward") {
    aside.kind = pool_event_kind::reward;
    aside.amount0 = integer(args["rewardRate"]);
    aside.amount1 = integer(args["rewardReserve"]);
    aside.liquidity = static_cast<u128>(number(args["periodFinish"]));
  } else if (name == "updateRewardsGrowthGlobal") {
    aside.kind = pool_event_kind::reward_update;
  } else {
    return events;
  }
  if (is_stake(aside.kind)) {
    aside.tick_lower = args["tickLower"].get<int32_t>();
    aside.tick_upper = args["tickUpper"].get<int32_t>();
  }
  events.push_back(aside);
  return events;
}

/// A collect alone in its operation: did the pool pay what was recorded?
bool paid_as_recorded(const json& op, const pool& before, const pool& after) {
  const auto e = events_of(op).front();
  const position_key key{e.owner, e.tick_lower, e.tick_upper};
  const auto had = before.position(key), has = after.position(key);
  return u256{had.tokens_owed0 - has.tokens_owed0} == e.amount0.bits()
         && u256{had.tokens_owed1 - has.tokens_owed1} == e.amount1.bits();
}

} // namespace

TEST(slipstream_stream, every_row_that_an_indexer_sees_is_reproduced) {
  for (const auto& name : recordings) {
    SCOPED_TRACE(name);
    const auto recorded = load(name);
    test::scratch_folder folder;
    const auto path = folder.write("rows.jsonl", recorded.rows);
    auto stream = io::read_event_stream(path, *io::parse_pool_overrides("kind=slipstream"));
    ASSERT_TRUE(stream) << stream.error().what;
    const auto header = terms_of(recorded.lines.front());
    EXPECT_EQ(stream->terms.tick_spacing, header.tick_spacing);
    EXPECT_EQ(stream->terms.fee, header.fee);
    EXPECT_EQ(stream->terms.unstaked_fee, 100'000u);
    EXPECT_EQ(stream->terms.gauge, header.gauge); // from who burns what it never minted
    EXPECT_EQ(stream->terms.position_manager, header.position_manager);
    const auto report = tools::replay_stream(path, *stream, {});
    EXPECT_FALSE(report.first) << report.first->field << " " << report.first->got;
    EXPECT_EQ(report.operations, test::lines_of(recorded.rows).size());
  }
}

/// The factory's fee is in the corpus, but in nothing that the indexer has.
TEST(slipstream_stream, the_fee_of_a_swap_is_found_wherever_its_record_has_it) {
  for (const auto& name : recordings) {
    SCOPED_TRACE(name);
    const auto recorded = load(name);
    std::map<std::pair<uint64_t, uint32_t>, uint32_t> fees;
    for (const auto& op : recorded.lines)
      if (op["type"] == "op")
        for (const auto& x : op["events"])
          fees[{op["blockNumber"].get<uint64_t>(), x["logIndex"].get<uint32_t>()}]
            = op["fee"].get<uint32_t>();
    test::scratch_folder folder;
    auto stream = io::read_event_stream(folder.write("rows.jsonl", recorded.rows),
                                        *io::parse_pool_overrides("kind=slipstream"));
    ASSERT_TRUE(stream) << stream.error().what;
    auto market = replica::of_pool(stream->terms);
    size_t swaps = 0, same = 0;
    for (const auto& block : stream->blocks)
      for (const auto& event : block.events) {
        const feed_block alone{block.number, block.time, {event}, {}};
        pool before = *market.snapshot();
        auto record = market.apply(alone);
        ASSERT_TRUE(record) << record.error().what;
        if (event.kind != pool_event_kind::swap)
          continue;
        ++swaps;
        const auto fee = fees.at({block.number, event.log_index});
        if ((*record)->swaps.front().fee == fee) {
          ++same;
          continue;
        }
        // The real one reproduces the record as well: kept when it is there, as it would be.
        before.set_fees(fee, before.slipstream()->unstaked_fee);
        const auto real = replica::of_pool(stream->terms, before).apply(alone);
        ASSERT_TRUE(real) << real.error().what;
        EXPECT_EQ((*real)->swaps.front().fee, fee) << "block " << block.number;
        EXPECT_EQ((*real)->sqrt_price_x96, (*record)->sqrt_price_x96);
      }
    RecordProperty(name + " swaps", static_cast<int>(swaps));
    RecordProperty(name + " same", static_cast<int>(same));
    std::printf("%s: fee found for %zu of %zu swaps\n", name.c_str(), same, swaps);
    EXPECT_GE(same * 100, swaps * 85); // s3 has the most that pay less than a unit of fee
  }
}

TEST(slipstream_stream, a_stream_that_reports_stakes_and_rewards_keeps_the_pool_exact) {
  for (const auto& name : recordings) {
    SCOPED_TRACE(name);
    const auto recorded = load(name);
    auto market = replica::of_pool(terms_of(recorded.lines.front()));
    uint64_t number_of_block = 0;
    size_t states = 0, growths = 0, given = 0, collects = 0, paid = 0;
    json before;
    for (const auto& op : recorded.lines) {
      if (op["type"] != "op" || !op["ok"].get<bool>())
        continue;
      feed_block block{++number_of_block, op["timestamp"].get<uint64_t>(), events_of(op), {}};
      const auto earlier = market.snapshot();
      const auto growth0 = market.snapshot()->state().fee_growth_global0_x128;
      const auto growth1 = market.snapshot()->state().fee_growth_global1_x128;
      auto record = market.apply(block);
      ASSERT_TRUE(record) << "operation " << op["i"] << ": " << record.error().what;
      for (const auto& swap : (*record)->swaps)
        EXPECT_EQ(swap.fee, op["fee"].get<uint32_t>());
      if (op["op"] == "collect" && !events_of(op).empty()) {
        ++collects;
        paid += paid_as_recorded(op, *earlier, *market.snapshot());
      }
      if (!op.contains("state"))
        continue;
      const auto& want = op["state"];
      const auto& pool = *market.snapshot();
      const auto& gauge = *pool.slipstream();
      SCOPED_TRACE("operation " + op["i"].dump());
      ASSERT_EQ(pool.state().sqrt_price_x96, number(want["sqrtPriceX96"]));
      ASSERT_EQ(pool.state().tick, want["tick"].get<int32_t>());
      ASSERT_EQ(u256{pool.state().liquidity}, number(want["liquidity"]));
      ASSERT_EQ(u256{gauge.staked_liquidity}, number(want["stakedLiquidity"]));
      ASSERT_EQ(gauge.rewards.growth_global_x128, number(want["rewardGrowthGlobalX128"]));
      ASSERT_EQ(gauge.rewards.reserve, number(want["rewardReserve"]));
      ASSERT_EQ(gauge.rewards.rollover, number(want["rollover"]));
      ASSERT_EQ(gauge.rewards.last_updated, want["lastUpdated"].get<uint32_t>());
      ++states;
      given += !(*record)->reward.amount.is_zero();
      if (op["op"] == "swap"
          && !before.is_null()) { // flashes, which nobody reports, add growth too
        ASSERT_EQ(pool.state().fee_growth_global0_x128 - growth0,
                  number(want["feeGrowthGlobal0X128"]) - number(before["feeGrowthGlobal0X128"]));
        ASSERT_EQ(pool.state().fee_growth_global1_x128 - growth1,
                  number(want["feeGrowthGlobal1X128"]) - number(before["feeGrowthGlobal1X128"]));
        ++growths;
      }
      before = want;
    }
    std::printf("%s: %zu states, %zu fee growths, %zu of %zu collects paid as recorded\n",
                name.c_str(), states, growths, paid, collects);
    EXPECT_GE(paid * 2, collects); // the others hold a share of a flash's fee
    EXPECT_GT(states, 700u);
    EXPECT_GT(growths, 300u);
    EXPECT_GT(given, 50u);
  }
}
