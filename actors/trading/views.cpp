#include "actors/trading/views.hpp"

#include "actors/admin/views/parts.hpp"
#include "io/trading/rows.hpp"
#include "storage/trading/queries.hpp"
#include "storage/trading/tables.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

namespace sluice::views {

namespace tables = storage::tables;

namespace {

constexpr size_t rows_shown = 200;

/// The newest so many of any number of rows, oldest first; equal times as they came.
class newest_rows {
public:
  explicit newest_rows(size_t most) : most_(most) {}

  void add(int64_t time_us, json row) {
    ++found_;
    rows_.emplace(time_us, std::move(row));
    if (rows_.size() > most_)
      rows_.erase(rows_.begin());
  }
  uint64_t found() const { return found_; }
  json take() && {
    json out = json::array();
    for (auto& x : rows_)
      out.push_back(std::move(x.second));
    return out;
  }

private:
  size_t most_;
  uint64_t found_ = 0;
  std::multimap<int64_t, json> rows_;
};

json uid_json(const std::optional<uint16_t>& uid) {
  return uid ? json(*uid) : json(nullptr);
}

json outcomes_json(const std::array<uint64_t, event_outcomes>& x) {
  json out = json::object();
  for (size_t i = 0; i < x.size(); ++i)
    out[std::string{name_of(static_cast<event_outcome>(i))}] = x[i];
  return out;
}

json miner_json(const miner_performance& x) {
  return {{"miner", uid_json(x.uid)},
          {"hotkey", x.hotkey},
          {"status", name_of(x.status)},
          {"score", number(x.score.score)},
          {"weight", number(x.weight)},
          {"pnl", whole_text(x.totals.scored_pnl)},
          {"trades", x.totals.trades},
          {"win_rate_percent", number(x.win_rate)},
          {"roi_percent", number(x.avg_roi)},
          {"positions", x.current_positions},
          {"volume", whole_text(x.totals.volume_tao)}};
}

/// What became of every stored event, and of what is in no position.
json event_counts(const std::vector<book_summary>& books,
                  const std::map<std::string, uint64_t>& counts) {
  std::array<uint64_t, event_outcomes> outcomes{};
  book_totals totals;
  for (const auto& x : books) {
    for (size_t i = 0; i < outcomes.size(); ++i)
      outcomes[i] += x.outcomes[i];
    totals.add(x.totals);
  }
  auto out = outcomes_json(outcomes);
  out["unmatched_alpha"] = whole_text(totals.unmatched_alpha);
  out["ignored_unstakes"] = totals.ignored_unstakes;
  out["refused_unstakes"] = totals.refused_unstakes;
  for (const auto* name : {"rows", "duplicate", "archived"}) {
    const auto at = counts.find(name);
    out[name] = at == counts.end() ? 0 : at->second;
  }
  uint64_t rejected = 0;
  json reasons = json::object();
  for (const auto& [name, n] : counts)
    if (name.starts_with("rejected.")) {
      reasons[name.substr(std::string_view{"rejected."}.size())] = n;
      rejected += n;
    }
  out["rejected"] = rejected;
  out["rejected_because"] = reasons;
  return out;
}

json syncs_json(const storage::data_dir& disk) {
  json out = json::array();
  std::map<std::string, sync_point> feeds;
  std::map<std::string, uint64_t> targets;
  (void)tables::trading_syncs.for_each(disk, [&](const sync_key& key, const sync_point& x) {
    if (key.feed.starts_with('('))
      return; // snapshots and archive, which no feed brings
    auto& all = feeds[key.feed];
    ++targets[key.feed];
    all.rows += x.rows;
    all.pages += x.pages;
    all.synced_us = targets[key.feed] == 1 ? x.synced_us : std::min(all.synced_us, x.synced_us);
  });
  for (const auto& [feed, x] : feeds)
    out.push_back({{"feed", feed},
                   {"synced", moment_json(x.synced_us)},
                   {"coldkeys", targets[feed]},
                   {"pages", x.pages},
                   {"rows", x.rows}});
  return out;
}

/// The filter of a command with an optional miner; the same moment for everybody.
result<position_filter> filter_of(const storage::data_dir& disk, std::string_view who) {
  position_filter filter;
  if (who.empty())
    return filter;
  const auto setup = trading_setup(disk);
  if (!setup)
    return setup.error();
  const auto miner = trading_miner(disk, *setup, who);
  if (!miner)
    return miner.error();
  filter.hotkey = miner->hotkey;
  return filter;
}

result<json> chosen_view(const storage::data_dir& disk, const admin::call& what) {
  const auto name = what.what->name;
  const auto who = what.argument_at(0);
  if (name == "trading")
    return trading_overview(disk);
  if (name == "trading performance")
    return trading_performance(disk, who);
  if (name == "trading snapshots")
    return trading_snapshots(disk, who, rows_shown);
  if (name == "trading pools")
    return trading_pools(disk);
  if (name == "trading explain")
    return trading_explained(disk, who);
  const auto filter = filter_of(disk, who);
  if (!filter)
    return filter.error();
  if (name == "trading trades")
    return trading_trades(disk, *filter, rows_shown);
  if (name == "trading positions")
    return trading_positions(disk, *filter, rows_shown);
  return fault{ec::invalid_argument, std::string{name} + " is not answered from disk"};
}

} // namespace

result<std::string> of_trading(const storage::data_dir& disk, const admin::call& what) {
  auto shown = chosen_view(disk, what);
  return shown ? result<std::string>{text_of(*shown)} : shown.error();
}

result<storage::ledger_setup> trading_setup(const storage::data_dir& disk) {
  auto setup = storage::stored_setup(disk);
  if (!setup)
    return setup.error();
  if (!*setup)
    return fault{ec::no_such_key, "no trades are stored in " + disk.path().string()
                                    + " yet; a node with [trading] takes them, or `sluice trading "
                                      "import FILE --data "
                                    + disk.path().string() + '`'};
  return **std::move(setup);
}

result<miner_performance> trading_miner(const storage::data_dir& disk,
                                        const storage::ledger_setup& setup, std::string_view who) {
  auto miners = storage::all_performance(disk, setup);
  if (!miners)
    return miners.error();
  std::string uids;
  for (auto& x : *miners) {
    const auto uid = x.uid ? std::to_string(*x.uid) : std::string{};
    if (x.hotkey == who || (x.uid && uid == who))
      return std::move(x);
    if (x.uid && uids.size() < 80)
      uids += (uids.empty() ? "" : ", ") + uid;
  }
  return fault{ec::no_such_key, "no trader " + std::string{who}
                                  + (uids.empty() ? "; none is registered"
                                                  : "; a hotkey, or one of the uids " + uids)};
}

result<json> trading_overview(const storage::data_dir& disk) {
  const auto setup = trading_setup(disk);
  if (!setup)
    return setup.error();
  const auto miners = storage::all_performance(disk, *setup);
  const auto books = storage::all_books(disk);
  const auto counts = storage::stored_counts(disk);
  if (!miners)
    return miners.error();
  if (!books)
    return books.error();
  if (!counts)
    return counts.error();
  std::set<uint16_t> unknown;
  json rows = json::array();
  for (const auto& x : *miners) {
    rows.push_back(miner_json(x));
    unknown.insert(x.unknown_netuids.begin(), x.unknown_netuids.end());
  }
  return json{{"now", moment_json(setup->terms.now_us)},
              {"events", event_counts(*books, *counts)},
              {"subnets_with_unknown_neurons", unknown},
              {"feeds", syncs_json(disk)},
              {"miners", rows}};
}

result<json> trading_performance(const storage::data_dir& disk, std::string_view who) {
  const auto setup = trading_setup(disk);
  if (!setup)
    return setup.error();
  const auto x = trading_miner(disk, *setup, who);
  if (!x)
    return x.error();
  std::array<uint64_t, event_outcomes> outcomes{};
  const auto books = storage::all_books(disk);
  if (!books)
    return books.error();
  for (const auto& book : *books)
    if (book.facts.hotkey == x->hotkey)
      for (size_t i = 0; i < outcomes.size(); ++i)
        outcomes[i] += book.outcomes[i];
  auto out = miner_json(*x);
  out["coldkey"] = x->coldkey;
  out["registered"] = x->is_registered;
  out["total_trades"] = x->totals.trades;
  out["legs"] = x->totals.legs;
  out["scored_legs"] = x->totals.scored_legs;
  out["real_pnl"] = whole_text(x->totals.real_pnl);
  out["volume_alpha"] = whole_text(x->totals.volume_alpha);
  out["avg_duration_s"] = number(x->avg_duration_s);
  out["open"] = x->totals.open;
  out["partial"] = x->totals.partial;
  out["closed"] = x->totals.closed;
  out["remaining_alpha"] = whole_text(x->totals.remaining_alpha);
  out["unmatched_alpha"] = whole_text(x->totals.unmatched_alpha);
  out["ignored_unstakes"] = x->totals.ignored_unstakes;
  out["refused_unstakes"] = x->totals.refused_unstakes;
  out["withheld"] = x->score.withheld;
  out["subnets_with_unknown_neurons"] = x->unknown_netuids;
  out["events"] = outcomes_json(outcomes);
  return out;
}

result<json>
trading_trades(const storage::data_dir& disk, const position_filter& filter, size_t most) {
  newest_rows rows{most};
  const auto read = storage::for_each_trade(
    disk, filter, [&](const storage::book_place& at, const trading_trade& x) {
      i128 pnl = 0;
      uint64_t scored = 0;
      for (const auto& leg : x.legs) {
        pnl += leg.pnl();
        scored += leg.min_blocks_met ? 1 : 0;
      }
      rows.add(x.exit_us, json{{"time", moment_json(x.exit_us)},
                               {"hotkey", at.hotkey},
                               {"netuid", at.id.netuid},
                               {"alpha", whole_text(x.alpha)},
                               {"tao", whole_text(x.tao)},
                               {"pnl", whole_text(pnl)},
                               {"legs", x.legs.size()},
                               {"scored_legs", scored},
                               {"unmatched_alpha", whole_text(x.unmatched)},
                               {"block", x.exit_block},
                               {"extrinsic", x.extrinsic}});
      return true;
    });
  if (!read)
    return read.error();
  const auto found = rows.found();
  auto out = std::move(rows).take();
  return json{{"found", found}, {"shown", out.size()}, {"trades", out}};
}

result<json>
trading_positions(const storage::data_dir& disk, const position_filter& filter, size_t most) {
  newest_rows rows{most};
  const auto read = storage::for_each_position(
    disk, filter, [&](const storage::book_place& at, const trading_lot& x) {
      rows.add(x.entry_us, json{{"opened", moment_json(x.entry_us)},
                                {"hotkey", at.hotkey},
                                {"netuid", at.id.netuid},
                                {"status", name_of(status_of(x))},
                                {"alpha", whole_text(x.alpha)},
                                {"left", whole_text(x.rest)},
                                {"tao", whole_text(x.tao)},
                                {"pnl", whole_text(x.real_pnl)},
                                {"scored_pnl", whole_text(x.scored_pnl)},
                                {"legs", x.legs},
                                {"closed", x.closed_us == not_closed ? json(nullptr)
                                                                     : moment_json(x.closed_us)},
                                {"extrinsic", x.extrinsic}});
      return true;
    });
  if (!read)
    return read.error();
  const auto statistics = storage::position_statistics_of(disk, filter);
  if (!statistics)
    return statistics.error();
  const auto found = rows.found();
  auto shown = std::move(rows).take();
  json subnets = json::array();
  for (const auto& [netuid, x] : *statistics)
    subnets.push_back({{"netuid", netuid},
                       {"open", x.open},
                       {"partial", x.partial},
                       {"closed", x.closed},
                       {"entered_tao", whole_text(x.entry_tao)},
                       {"entered_alpha", whole_text(x.entry_alpha)},
                       {"left_alpha", whole_text(x.remaining_alpha)},
                       {"mean_pnl_tao", number(x.mean_pnl_tao)},
                       {"mean_roi_percent", number(x.mean_roi_percent)},
                       {"mean_duration_s", number(x.mean_duration_s)}});
  return json{
    {"found", found}, {"shown", shown.size()}, {"subnets", subnets}, {"positions", shown}};
}

result<json> trading_snapshots(const storage::data_dir& disk, std::string_view who, size_t most) {
  const auto filter = filter_of(disk, who);
  if (!filter)
    return filter.error();
  std::vector<performance_snapshot> all;
  const auto read
    = tables::trading_snapshots.for_each(disk, [&](const snapshot_key&, performance_snapshot x) {
        if (!filter->hotkey || *filter->hotkey == x.hotkey)
          all.push_back(std::move(x));
      });
  if (!read)
    return read.error();
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.time_us < b.time_us; });
  json out = json::array();
  for (size_t i = all.size() - std::min(all.size(), most); i < all.size(); ++i) {
    const auto& x = all[i];
    out.push_back({{"time", moment_json(x.time_us)},
                   {"hotkey", x.hotkey},
                   {"positions", x.total_trades},
                   {"volume_tao", number(x.total_volume_tao)},
                   {"roi_percent", number(x.roi_weighted)},
                   {"win_rate_percent", number(x.win_rate)},
                   {"open", x.open_positions},
                   {"age_s", number(x.avg_position_age_s)},
                   {"final_score", x.final_score ? number(*x.final_score) : json(nullptr)}});
  }
  return out;
}

result<json> trading_pools(const storage::data_dir& disk) {
  json out = json::array();
  const auto read = tables::trading_pools.for_each(disk, [&](uint16_t, const pool_data& x) {
    out.push_back({{"netuid", x.netuid},
                   {"time", moment_json(x.time_us)},
                   {"tao_reserve", whole_text(x.tao_reserve)},
                   {"alpha_reserve", whole_text(x.alpha_reserve)},
                   {"alpha_supply", whole_text(x.alpha_supply)},
                   {"emission_rate", number(x.emission_rate)},
                   {"price", number(x.price)}});
  });
  if (!read)
    return read.error();
  return out;
}

std::string whole_text(i128 units) {
  const bool below = units < 0;
  auto rest = below ? -static_cast<u128>(units) : static_cast<u128>(units);
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
    rest /= 10;
  } while (rest != 0);
  if (digits.size() < 10)
    digits.insert(0, 10 - digits.size(), '0');
  digits.insert(digits.size() - 9, ".");
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.')
    digits.pop_back();
  return (below ? "-" : "") + digits;
}

json moment_json(int64_t time_us) {
  return time_us <= 0 ? json(nullptr) : json(io::iso_time(time_us));
}

std::string day_text(int32_t day) {
  return io::iso_time(int64_t{day} * us_per_day).substr(0, 10);
}

} // namespace sluice::views
