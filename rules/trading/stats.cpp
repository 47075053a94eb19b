#include "rules/trading/stats.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace sluice {

namespace {

double whole_units(i128 units) {
  return static_cast<double>(units) / static_cast<double>(rao_per_tao);
}

double quotient(double sum, uint64_t count) {
  return count == 0 ? 0 : sum / static_cast<double>(count);
}

double percent_of(i128 part, i128 whole) {
  return whole == 0 ? 0 : 100 * static_cast<double>(part) / static_cast<double>(whole);
}

double seconds_between(int64_t from_us, int64_t to_us) {
  return static_cast<double>(to_us - from_us) / static_cast<double>(us_per_second);
}

miner_performance performance_of_one(const trading_world& world, const trading_identity& x,
                                     const trading_score_terms& terms, int64_t now_us,
                                     std::span<const book_summary* const> books) {
  miner_performance out;
  out.hotkey = x.hotkey;
  out.coldkey = x.coldkey;
  if (x.registered)
    out.uid = x.last_uid;
  out.is_registered = x.registered;
  out.status = status_of(world, x);
  std::vector<closing_day> days;
  for (const auto* book : books) {
    out.totals.add(book->totals);
    days.insert(days.end(), book->days.begin(), book->days.end());
    if (!book->facts.registered_known)
      out.unknown_netuids.push_back(book->id.netuid);
  }
  std::sort(out.unknown_netuids.begin(), out.unknown_netuids.end());
  out.win_rate = win_rate_percent(out.totals);
  out.avg_roi = roi_percent(out.totals);
  out.avg_duration_s = mean_duration_s(out.totals);
  out.pnl_tao = whole_units(out.totals.scored_pnl);
  out.volume_tao = whole_units(out.totals.volume_tao);
  out.volume_alpha = whole_units(out.totals.volume_alpha);
  out.current_positions = out.totals.open + out.totals.partial;
  out.score = score_of(terms, now_us, days, out.totals.trades, out.totals.volume_tao);
  return out;
}

bool is_in_window(const position_filter& filter, int64_t time_us) {
  return time_us >= filter.from_us.value_or(time_us) && time_us <= filter.to_us.value_or(time_us);
}

} // namespace

double win_rate_percent(const book_totals& x) {
  return quotient(100 * static_cast<double>(x.won_legs), x.scored_legs);
}

double roi_percent(const book_totals& x) {
  return percent_of(x.scored_pnl, x.scored_cost);
}

double mean_duration_s(const book_totals& x) {
  return quotient(static_cast<double>(x.scored_seconds), x.scored_legs);
}

std::vector<miner_performance>
performance_of(const trading_world& world, const trading_score_terms& terms, int64_t now_us,
               std::span<const book_summary> books) {
  std::map<std::string_view, std::vector<const book_summary*>> by_hotkey;
  for (const auto& book : books)
    if (!book.facts.hotkey.empty())
      by_hotkey[book.facts.hotkey].push_back(&book);
  std::vector<miner_performance> out;
  for (const auto& x : world.identities) {
    std::vector<const book_summary*> own;
    const auto found = by_hotkey.find(x.hotkey);
    if (const auto* one = credited(world, x.coldkey); one && found != by_hotkey.end() && *one == x)
      own = found->second;
    out.push_back(performance_of_one(world, x, terms, now_us, own));
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return std::tuple{!a.is_registered, a.uid.value_or(0), std::string_view{a.hotkey}}
           < std::tuple{!b.is_registered, b.uid.value_or(0), std::string_view{b.hotkey}};
  });
  const auto weights = trading_weights_of(terms, out);
  std::map<uint16_t, double> by_uid;
  for (size_t i = 0; i < weights.uids.size(); ++i)
    by_uid[weights.uids[i]] = weights.weights[i];
  for (auto& x : out)
    if (x.uid && x.status == trading_status::active)
      x.weight = by_uid[*x.uid];
  return out;
}

trading_weights
trading_weights_of(const trading_score_terms& terms, std::span<const miner_performance> miners) {
  std::map<uint16_t, double> scores; // by uid
  for (const auto& x : miners)
    if (x.uid && x.status == trading_status::active)
      scores[*x.uid] = x.score.score;
  trading_weights out;
  for (const auto& [uid, score] : scores) {
    out.uids.push_back(uid);
    out.scores.push_back(score);
  }
  out.weights = weights_of(terms.policy, out.scores);
  return out;
}

bool matches(const position_filter& filter, const trading_lot& lot) {
  return is_in_window(filter, lot.entry_us)
         && status_of(lot) == filter.status.value_or(status_of(lot));
}

bool matches(const position_filter& filter, const trading_trade& trade) {
  return is_in_window(filter, trade.exit_us);
}

void position_statistics::add(const trading_lot& lot) {
  entry_tao += lot.tao;
  entry_alpha += lot.alpha;
  remaining_alpha += lot.rest;
  switch (status_of(lot)) {
  case lot_status::open:
    ++open;
    return;
  case lot_status::partial:
    ++partial;
    return;
  case lot_status::closed:
    ++closed;
    closed_pnl += lot.real_pnl;
    closed_seconds += (lot.closed_us - lot.entry_us) / us_per_second;
    roi_sum += percent_of(lot.real_pnl, lot.cost_sold);
    return;
  }
}

void position_statistics::finish() {
  mean_pnl_tao = quotient(whole_units(closed_pnl), closed);
  mean_roi_percent = quotient(roi_sum, closed);
  mean_duration_s = quotient(static_cast<double>(closed_seconds), closed);
}

performance_snapshot snapshot_of(const std::string& hotkey, int64_t window_start_us, int64_t now_us,
                                 std::span<const trading_lot> lots) {
  performance_snapshot out;
  out.hotkey = hotkey;
  out.time_us = out.window_end_us = now_us;
  out.window_start_us = window_start_us;
  std::vector<closed_position> closed;
  double seconds = 0;
  double ages = 0;
  uint64_t present = 0;
  for (const auto& lot : lots) {
    if (lot.entry_us > now_us)
      continue;
    ++present;
    ages += seconds_between(lot.entry_us, now_us);
    if (lot.entry_us < window_start_us)
      continue;
    ++out.total_trades;
    out.total_volume_tao += whole_units(lot.tao);
    out.total_volume_alpha += whole_units(lot.alpha);
    if (status_of(lot) != lot_status::closed) {
      ++out.open_positions;
      continue;
    }
    closed.push_back({percent_of(lot.real_pnl, lot.cost_sold), whole_units(lot.tao)});
    seconds += seconds_between(lot.entry_us, lot.closed_us);
  }
  const auto score = snapshot_score_legacy(closed, out.total_trades);
  out.roi_simple = score.roi_simple;
  out.roi_weighted = score.roi_weighted;
  out.win_rate = score.win_rate;
  out.final_score = score.final_score;
  out.avg_trade_duration_s = quotient(seconds, closed.size());
  out.avg_position_age_s = quotient(ages, present);
  return out;
}

legacy_snapshot_score
snapshot_score_legacy(std::span<const closed_position> closed, uint64_t total_trades) {
  constexpr uint64_t trades_min = 3;
  legacy_snapshot_score out;
  double sum = 0;
  double weighted = 0;
  uint64_t won = 0;
  for (const auto& x : closed) {
    sum += x.roi;
    weighted += x.roi * x.entry_tao;
    out.total_volume_tao += x.entry_tao;
    won += x.roi > 0 ? 1 : 0;
  }
  out.roi_simple = quotient(sum, closed.size());
  out.roi_weighted = out.total_volume_tao == 0 ? 0 : weighted / out.total_volume_tao;
  out.win_rate = quotient(100 * static_cast<double>(won), total_trades);
  if (total_trades >= trades_min)
    out.final_score = 0.6 * out.roi_weighted + 0.2 * out.total_volume_tao + 0.2 * out.win_rate;
  return out;
}

} // namespace sluice
