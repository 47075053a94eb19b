// Weight, score, days, legs, events of one miner.
#include "actors/admin/views/parts.hpp"
#include "actors/trading/views.hpp"
#include "storage/trading/queries.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <vector>

namespace sluice::views {

namespace {

constexpr size_t legs_explained_max = 2'000;

using lot_name = std::tuple<uint64_t, uint16_t, uint32_t>; // coldkey number, netuid, lot

struct explained_leg {
  trading_leg leg;
  int64_t exit_us = 0;
  uint64_t exit_block = 0;
  std::string extrinsic;
};

using legs_by_lot = std::map<lot_name, std::vector<explained_leg>>;

lot_name name_of_lot(const book_id& id, uint32_t lot) {
  return {id.coldkey, id.netuid, lot};
}

result<legs_by_lot> legs_of(const storage::data_dir& disk, const position_filter& filter) {
  legs_by_lot legs;
  const auto read = storage::for_each_trade(
    disk, filter, [&](const storage::book_place& at, const trading_trade& x) {
      for (const auto& leg : x.legs)
        legs[name_of_lot(at.id, leg.lot)].push_back({leg, x.exit_us, x.exit_block, x.extrinsic});
      return true;
    });
  if (!read)
    return read.error();
  return legs;
}

json leg_json(const trading_lot& lot, uint16_t netuid, const explained_leg& x) {
  return {{"closed", day_text(utc_day(lot.closed_us))},
          {"netuid", netuid},
          {"lot", lot.number},
          {"staked", moment_json(lot.entry_us)},
          {"stake", lot.extrinsic},
          {"unstaked", moment_json(x.exit_us)},
          {"unstake", x.extrinsic},
          {"alpha", whole_text(x.leg.alpha)},
          {"tao", whole_text(x.leg.tao)},
          {"cost", whole_text(x.leg.cost)},
          {"pnl", whole_text(x.leg.pnl())},
          {"held_s", x.leg.duration_s},
          {"held_blocks", lot.entry_block != 0 && x.exit_block != 0
                            ? json(x.exit_block - lot.entry_block)
                            : json(nullptr)},
          {"scored", x.leg.min_blocks_met}};
}

struct explained_day {
  uint64_t lots = 0;
  i128 pnl = 0; // of legs that are scored, added up here
};

/// The legs of every lot that was closed on a day that counts, and their sums by day.
result<nothing> add_legs(const storage::data_dir& disk, const miner_performance& x,
                         std::map<int32_t, explained_day>& sums, json& rows, uint64_t& left_out) {
  position_filter filter;
  filter.hotkey = x.hotkey;
  const auto legs = legs_of(disk, filter);
  if (!legs)
    return legs.error();
  filter.status = lot_status::closed;
  return storage::for_each_position(
    disk, filter, [&](const storage::book_place& at, const trading_lot& lot) {
      const auto day = sums.find(utc_day(lot.closed_us));
      if (day == sums.end())
        return true;
      ++day->second.lots;
      const auto own = legs->find(name_of_lot(at.id, lot.number));
      if (own == legs->end())
        return true;
      for (const auto& leg : own->second) {
        day->second.pnl += leg.leg.min_blocks_met ? leg.leg.pnl() : 0;
        if (rows.size() < legs_explained_max)
          rows.push_back(leg_json(lot, at.id.netuid, leg));
        else
          ++left_out;
      }
      return true;
    });
}

json days_json(const trading_score& score, const std::map<int32_t, explained_day>& sums) {
  json days = json::array();
  for (const auto& x : score.days) {
    const auto& sum = sums.at(x.day);
    days.push_back({{"day", day_text(x.day)},
                    {"age", x.age},
                    {"day_weight", number(x.weight)},
                    {"lots", x.lots},
                    {"pnl", whole_text(x.pnl)},
                    {"value", number(x.value)},
                    {"adds", number(x.value * x.weight)},
                    {"legs_pnl", whole_text(sum.pnl)},
                    {"adds_up", sum.pnl == x.pnl && sum.lots == x.lots}});
  }
  return days;
}

} // namespace

result<json> trading_explained(const storage::data_dir& disk, std::string_view who) {
  const auto setup = trading_setup(disk);
  if (!setup)
    return setup.error();
  const auto x = trading_miner(disk, *setup, who);
  if (!x)
    return x.error();
  const auto all = storage::all_performance(disk, *setup);
  if (!all)
    return all.error();
  double sum = 0;
  uint64_t positive = 0;
  for (const auto& one : *all)
    if (one.is_registered && one.status == trading_status::active
        && one.score.score > score_epsilon) {
      sum += one.score.score;
      ++positive;
    }
  std::map<int32_t, explained_day> sums;
  for (const auto& day : x->score.days)
    sums[day.day];
  json legs = json::array();
  uint64_t left_out = 0;
  if (auto added = add_legs(disk, *x, sums, legs, left_out); !added)
    return added.error();
  double days_sum = 0;
  for (const auto& day : x->score.days)
    days_sum += day.value * day.weight;
  const auto& terms = setup->terms.score;
  return json{
    {"miner", x->uid ? json(*x->uid) : json(nullptr)},
    {"hotkey", x->hotkey},
    {"coldkey", x->coldkey},
    {"status", name_of(x->status)},
    {"now", moment_json(setup->terms.now_us)},
    {"policy", terms.policy == weight_policy::proportional ? "proportional" : "legacy_minmax"},
    {"value", terms.value == score_value::pnl ? "pnl" : "roi"},
    {"lookback_days", terms.lookback_days},
    {"min_hold_blocks", setup->terms.ledger.min_hold_blocks},
    {"weight", number(x->weight)},
    {"scores_sum", number(sum)},
    {"positive_miners", positive},
    {"score", number(x->score.score)},
    {"withheld", x->score.withheld},
    {"days_sum", number(days_sum)},
    {"days", days_json(x->score, sums)},
    {"legs", legs},
    {"legs_left_out", left_out}};
}

} // namespace sluice::views
