#include "io/trading/rows.hpp"
#include "rules/trading/exact_leg.hpp"
#include "rules/trading/ledger.hpp"
#include "rules/trading/stats.hpp"
#include "tests/vectors/examples.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace sluice::vectors {

namespace {

using trading_values = std::vector<std::pair<std::string, double>>;

constexpr uint64_t trading_lookback_days = trading_score_terms{}.lookback_days;

/// A number of whole units, as rao: by its decimal text, as rows are read.
int64_t rao_of(const json& x) {
  const auto text = x.is_string() ? x.get<std::string>() : x.dump();
  const auto rao = io::parse_scaled_decimal(text, 9);
  if (!rao)
    throw std::runtime_error(text + " is no amount");
  return *rao;
}

double whole(int64_t rao) {
  return static_cast<double>(rao) / static_cast<double>(rao_per_tao);
}

json trading_daily_score(const json& input) {
  std::vector<std::pair<int64_t, double>> days;
  for (const auto& [age, pnl] : input.at("daily_pnl_by_age_days").items())
    days.emplace_back(std::stoll(age), pnl.get<double>());
  return daily_score(days, input.value("lookback_days", trading_lookback_days));
}

json daily_score_from_positions(const json& input) {
  const auto time = [](const json& x) {
    const auto parsed = io::parse_iso_time(x.get<std::string>());
    if (!parsed)
      throw std::runtime_error(x.dump() + " is no time");
    return *parsed;
  };
  const int32_t today = utc_day(time(input.at("now")));
  std::map<int32_t, double> by_day;
  for (const auto& x : input.at("closed"))
    by_day[utc_day(time(x.at("closed_at")))] += x.at("pnl").get<double>();
  std::vector<std::pair<int64_t, double>> days;
  for (const auto& [day, pnl] : by_day)
    days.emplace_back(today - day, pnl);
  return daily_score(days, input.value("lookback_days", trading_lookback_days));
}

json ema(const json& input) {
  std::map<size_t, double> rewards;
  for (const auto& [uid, reward] : input.at("rewards").items())
    rewards[std::stoull(uid)] = reward.get<double>();
  return ema_update(input.at("alpha").get<double>(), input.at("scores").get<std::vector<double>>(),
                    rewards);
}

json map_event(const json& input) {
  const bool taostats = input.value("provider", "") == "taostats" || !input.contains("event_id");
  const auto word = input.at(taostats ? "action" : "event_id").get<std::string>();
  const auto action = parse_stake_action(word);
  if (!action)
    return nullptr;
  const auto rao = [](const json& x) {
    return io::parse_scaled_decimal(x.is_string() ? x.get<std::string>() : x.dump(), 0).value_or(0);
  };
  const int64_t tao = taostats ? rao(input.at("amount")) : rao_of(input.at("amount_in"));
  const int64_t alpha = taostats ? rao(input.at("alpha")) : rao_of(input.at("amount_out"));
  return {{"action", *action == stake_action::stake ? "DELEGATE" : "UNDELEGATE"},
          {"tao", whole(tao)},
          {"alpha", whole(alpha)}};
}

json metagraph_resync(const json& input) {
  return resynced_scores(input.at("old_hotkeys").get<std::vector<std::string>>(),
                         input.at("new_hotkeys").get<std::vector<std::string>>(),
                         input.at("scores").get<std::vector<double>>());
}

json miner_stats(const json& input) {
  book_totals totals;
  double pnl = 0;
  double volume = 0;
  for (const auto& leg : input.at("legs")) {
    ++totals.legs;
    if (!leg.at("min_blocks_met").get<bool>())
      continue;
    ++totals.scored_legs;
    totals.won_legs += leg.at("pnl_tao").get<double>() > 0 ? 1 : 0;
    totals.scored_seconds += leg.at("duration_s").get<int64_t>();
    pnl += leg.at("pnl_tao").get<double>();
  }
  for (const auto& entry : input.at("positions_entry_tao"))
    volume += entry.get<double>();
  return {{"total_trades", input.at("trades")},
          {"total_volume_tao", volume},
          {"cumulative_pnl_tao", pnl},
          {"win_rate_pct", win_rate_percent(totals)},
          {"avg_duration_s", mean_duration_s(totals)}};
}

json snapshot_legacy(const json& input) {
  std::vector<closed_position> closed;
  for (const auto& x : input.at("closed"))
    closed.push_back({x.at("roi").get<double>(), x.at("entry_tao").get<double>()});
  const auto score = snapshot_score_legacy(closed, input.at("total_trades").get<uint64_t>());
  if (!score.final_score)
    return {{"final_score", nullptr}};
  return {{"roi_simple", score.roi_simple},
          {"roi_weighted", score.roi_weighted},
          {"win_rate", score.win_rate},
          {"total_volume_tao", score.total_volume_tao},
          {"final_score", *score.final_score}};
}

json trading_weights_op(const json& input, weight_policy policy) {
  std::vector<std::string> uids;
  std::vector<double> scores;
  for (const auto& [uid, score] : input.items()) {
    uids.push_back(uid);
    scores.push_back(score.get<double>());
  }
  const auto weights = weights_of(policy, scores);
  json out = json::object();
  for (size_t i = 0; i < uids.size(); ++i)
    out[uids[i]] = weights[i];
  return out;
}

/// `fifo_close`: positions and trades by id, played in the order of time.
class fifo_example {
public:
  explicit fifo_example(const json& input) : input_(input) {
    terms_.min_hold_blocks = input.value("min_blocks", terms_.min_hold_blocks);
    if (input.contains("epsilon"))
      terms_.dust_units = rao_of(input.at("epsilon"));
    if (input.value("policy", "lenient") == "strict")
      terms_.rest = over_close::strict;
    for (const auto* kind : {"positions", "trades"})
      for (const auto& x : input.at(kind))
        note_block(x);
    counts_from_0_ = highest_block_ > 0 && highest_block_ < 1'000'000;
    for (const auto& x : input.at("positions"))
      events_.push_back(event_of(x, stake_action::stake));
    for (const auto& x : input.at("trades"))
      events_.push_back(event_of(x, stake_action::unstake));
    std::stable_sort(events_.begin(), events_.end(), [](const auto& a, const auto& b) {
      return std::tie(a.time_us, a.action, a.block) < std::tie(b.time_us, b.action, b.block);
    });
  }

  json run() const {
    lot_book book{terms_};
    for (const auto& x : events_)
      book.apply(x);
    if (input_.contains("epsilon")) {
      const auto& lot = book.lots().front();
      return {{"status", name_of(status_of(lot))}, {"remaining_alpha", whole(lot.rest)}};
    }
    return {{"legs", legs_of(book)},
            {"positions", positions_of(book)},
            {"unmatched_alpha", unmatched_of(book)}};
  }

private:
  void note_block(const json& x) {
    if (has_block(x))
      highest_block_ = std::max(highest_block_, x.at("block").get<uint64_t>());
  }
  static bool has_block(const json& x) {
    return x.contains("block") && x.at("block").is_number_unsigned();
  }

  /// Block 0 is an unknown one, but for examples that count blocks from 0: theirs are shifted.
  book_event event_of(const json& x, stake_action action) const {
    book_event out;
    out.time_us = std::llround(x.at("ts").get<double>() * 1e6);
    out.block = has_block(x) ? x.at("block").get<uint64_t>() + (counts_from_0_ ? 1 : 0) : 0;
    out.tao = rao_of(x.at("tao"));
    out.alpha = rao_of(x.at("alpha"));
    out.action = action;
    out.extrinsic = x.at("id").get<std::string>();
    return out;
  }

  static json legs_of(const lot_book& book) {
    json out = json::array();
    for (const auto& trade : book.trades())
      for (const auto& leg : trade.legs) {
        const auto& lot = book.lots().at(leg.lot);
        const auto exact = exact_leg_of(lot, trade, leg);
        out.push_back({{"position", lot.extrinsic},
                       {"trade", trade.extrinsic},
                       {"alpha", whole(leg.alpha)},
                       {"tao", exact.tao / rao_per_tao},
                       {"cost", exact.cost / rao_per_tao},
                       {"pnl_tao", exact.pnl / rao_per_tao},
                       {"roi_pct", exact.roi_percent},
                       {"duration_s", leg.duration_s},
                       {"min_blocks_met", leg.min_blocks_met}});
      }
    return out;
  }

  json positions_of(const lot_book& book) const {
    std::map<std::string, json> by_id;
    for (const auto& lot : book.lots()) {
      double pnl = 0;
      double scored = 0;
      double cost = 0;
      for (const auto& trade : book.trades())
        for (const auto& leg : trade.legs) {
          if (leg.lot != lot.number)
            continue;
          const auto exact = exact_leg_of(lot, trade, leg);
          cost += exact.cost / rao_per_tao;
          pnl += exact.pnl / rao_per_tao;
          scored += leg.min_blocks_met ? exact.pnl / rao_per_tao : 0;
        }
      by_id[lot.extrinsic] = {{"id", lot.extrinsic},
                              {"status", name_of(status_of(lot))},
                              {"remaining_alpha", whole(lot.rest)},
                              {"realized_pnl_tao", pnl},
                              {"scored_pnl_tao", scored},
                              {"roi_pct", cost == 0 ? 0 : 100 * pnl / cost}};
    }
    json out = json::array(); // in the order of the input
    for (const auto& x : input_.at("positions"))
      out.push_back(by_id.at(x.at("id").get<std::string>()));
    return out;
  }

  /// One number per trade, in the order of the input; a trade that closed nothing is all unmatched.
  json unmatched_of(const lot_book& book) const {
    json out = json::array();
    for (const auto& x : input_.at("trades")) {
      int64_t unmatched = rao_of(x.at("alpha"));
      for (const auto& trade : book.trades())
        if (trade.extrinsic == x.at("id").get<std::string>())
          unmatched = trade.unmatched;
      out.push_back(whole(unmatched));
    }
    return out;
  }

  const json& input_;
  lot_terms terms_;
  uint64_t highest_block_ = 0;
  bool counts_from_0_ = false;
  std::vector<book_event> events_;
};

} // namespace

void add_trading_operations(operations& all) {
  const auto add = [&all](const char* op, operation f) { all[{"atx", op}] = std::move(f); };
  add("daily_score", trading_daily_score);
  add("daily_score_from_positions", daily_score_from_positions);
  add("day_weight", [](const json& x) { return day_weight(x.at("days").get<double>()); });
  add("ema_update", ema);
  add("fifo_close", [](const json& x) { return fifo_example{x}.run(); });
  add("map_event", map_event);
  add("metagraph_resync", metagraph_resync);
  add("miner_stats", miner_stats);
  add("return_decay", [](const json&) { return return_decay(); });
  add("snapshot_score_legacy", snapshot_legacy);
  add("weights_minmax_legacy",
      [](const json& x) { return trading_weights_op(x, weight_policy::legacy_minmax); });
  add("weights_proportional",
      [](const json& x) { return trading_weights_op(x, weight_policy::proportional); });
}

} // namespace sluice::vectors
