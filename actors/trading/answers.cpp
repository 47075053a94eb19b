#include "actors/trading/answers.hpp"

#include "rules/json_text.hpp"
#include "rules/trading/chain_slots.hpp"
#include "rules/trading/name.hpp"
#include "storage/trading/queries.hpp"
#include "storage/trading/tables.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace sluice {

namespace {

constexpr size_t best_in_report = 5;

double whole_tao(i128 rao) {
  return static_cast<double>(rao) / static_cast<double>(rao_per_tao);
}

performance_answer answer_of(const miner_performance& x) {
  performance_answer out;
  out.uid = x.uid.value_or(0);
  out.hotkey = x.hotkey;
  out.coldkey = x.coldkey;
  out.status = name_of(x.status);
  out.total_trades = x.totals.trades;
  out.win_rate = x.win_rate;
  out.avg_roi = x.avg_roi;
  out.current_positions = x.current_positions;
  out.pnl_tao = x.pnl_tao;
  out.real_pnl_tao = whole_tao(x.totals.real_pnl);
  out.volume_tao = x.volume_tao;
  out.volume_alpha = x.volume_alpha;
  out.avg_duration_s = x.avg_duration_s;
  out.score = x.score.score;
  out.weight = x.weight;
  return out;
}

} // namespace

step_report quiet_report(step_outcome outcome, std::string note) {
  return {std::string{trading_name}, outcome, false, std::move(note), nullptr};
}

step_report report_of_step(const storage::data_dir& disk, const storage::ledger_setup& setup,
                           uint64_t number, const trading_step& row) {
  auto detail = std::make_shared<trading_detail>();
  detail->number = number;
  detail->step = row;
  if (auto miners = storage::all_performance(disk, setup)) {
    std::stable_sort(miners->begin(), miners->end(),
                     [](const auto& a, const auto& b) { return a.weight > b.weight; });
    for (const auto& x : *miners)
      if (x.weight > 0 && detail->best.size() < best_in_report)
        detail->best.push_back({x.uid.value_or(0), x.hotkey, x.score.score, x.weight, x.pnl_tao,
                                x.totals.trades, x.current_positions});
  }
  return {std::string{trading_name}, step_outcome::played, false, "", std::move(detail)};
}

size_t take_chain(trading_world& world, const chain_view& chain) {
  std::vector<chain_slot> slots;
  for (const auto& x : chain.neurons)
    slots.push_back({static_cast<uint16_t>(x.uid.value), x.key.value});
  return take_slots(world, slots);
}

result<mechanism_scores> scores_on_chain(const storage::data_dir& disk, storage::ledger_setup setup,
                                         epoch_no epoch, const chain_view& chain) {
  (void)take_chain(setup.world, chain);
  const auto miners = storage::all_performance(disk, setup);
  if (!miners)
    return miners.error();
  mechanism_scores out{std::string{trading_name}, epoch, {}, {}};
  bool positive = false;
  for (const auto& x : *miners) {
    if (!x.uid)
      continue;
    if (x.status == trading_status::blacklisted) {
      out.barred.insert({*x.uid});
      continue;
    }
    out.scores[{*x.uid}] = x.weight;
    positive = positive || x.weight > 0;
  }
  if (!positive)
    return fault{ec::refused, "no registered miner has a score above 0"};
  return out;
}

std::string why_no_trading_scores(const storage::data_dir& disk) {
  const auto setup = storage::stored_setup(disk);
  if (!setup)
    return setup.error().what;
  if (!*setup)
    return "no step of trading is done yet";
  const auto miners = storage::all_performance(disk, **setup);
  if (!miners)
    return miners.error().what;
  uint64_t registered = 0;
  uint64_t closed = 0;
  uint64_t withheld = 0;
  for (const auto& x : *miners) {
    if (x.weight > 0)
      return {};
    if (!x.is_registered)
      continue;
    ++registered;
    closed += x.score.days.empty() ? 0 : 1;
    withheld += x.score.withheld.empty() ? 0 : 1;
  }
  if (registered == 0)
    return "none of the " + std::to_string(miners->size())
           + " known traders is registered on the chain; a world file states who trades, "
             "the chain who has a uid";
  return "of " + std::to_string(registered) + " registered traders " + std::to_string(closed)
         + " have closed a position within " + std::to_string((*setup)->terms.score.lookback_days)
         + " days, " + std::to_string(withheld)
         + " of them are below a threshold, and nobody has a scored profit";
}

std::string integrity_text(const storage::integrity_report& x) {
  return std::to_string(x.tables_verified) + " tables, " + std::to_string(x.miners_recovered)
         + " miners, " + std::to_string(x.positions_verified) + " positions, "
         + std::to_string(x.trades_verified) + " trades, " + std::to_string(x.events_verified)
         + " events verified, " + std::to_string(x.errors) + " errors";
}

result<std::set<uint16_t>> unknown_subnets(const storage::data_dir& disk) {
  const auto books = storage::all_books(disk);
  if (!books)
    return books.error();
  std::set<uint16_t> unknown;
  for (const auto& x : *books)
    if (!x.facts.hotkey.empty() && !x.facts.registered_known)
      unknown.insert(x.id.netuid);
  return unknown;
}

result<performance_answer>
performance_at(const storage::data_dir& disk, const storage::ledger_setup& setup, uint16_t uid) {
  const auto miners = storage::all_performance(disk, setup);
  if (!miners)
    return miners.error();
  for (const auto& x : *miners)
    if (x.uid == uid)
      return answer_of(x);
  return fault{ec::no_such_key, "no trader is registered at uid " + std::to_string(uid)};
}

std::optional<source_order> source_order_of(std::string_view command) {
  if (command == "trading pause")
    return source_order::pause;
  if (command == "trading resume")
    return source_order::resume;
  if (command == "trading sync")
    return source_order::look;
  return std::nullopt;
}

std::string sources_json(const trading_settings& settings, const std::vector<source_view>& all) {
  json_list out;
  for (const auto& x : all)
    out.raw(source_json(x));
  if (tools::has_dev_world(settings))
    out.raw(json_object{}
              .add("feed", settings.feeds.front().name)
              .add("kind", "world")
              .add("from", "generated traders")
              .add("health", "good")
              .text());
  return out.text();
}

taken_rows rows_of_market(tools::dev_feed& market, const sync_key& key, const sync_point& point,
                          int64_t now_us) {
  taken_rows out;
  out.events = market.advance_to(now_us);
  std::erase_if(out.events, [&](const auto& x) { return x.time_us <= point.synced_us; });
  out.rows = out.events.size();
  auto next = point;
  next.synced_us = now_us;
  next.rows += out.rows;
  out.points.emplace_back(key, next);
  return out;
}

} // namespace sluice
