#include "actors/liquidity/report/round_table.hpp"

#include "io/text/numbers.hpp"
#include "io/text/table.hpp"
#include "io/text/text.hpp"
#include "rules/pool/price.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace sluice::report {

namespace {

constexpr size_t key_width = 12;
constexpr size_t symbol_width = 8;
constexpr ptrdiff_t rewards_place = 6;  // behind the fees
constexpr uint8_t reward_decimals = 18; // AERO's and VELO's

std::string price_line(const round_view& round, const page& on) {
  if (!round.price_start)
    return {};
  auto text = "price " + price_text(*round.price_start);
  if (!round.price_end)
    return text;
  text += ' ' + std::string{forms_of(on.letters).arrow} + ' ' + price_text(*round.price_end);
  return text + " (" + signed_fixed(100 * (*round.price_end / *round.price_start - 1), 2) + " %)";
}

std::string head(const round_view& round, const page& on) {
  const auto text
    = flow({round.id.job.value, "round " + std::to_string(round.id.number.value),
            "blocks " + std::to_string(round.start_block) + std::string{forms_of(on.letters).range}
              + std::to_string(round.end_block),
            price_line(round, on), round.swaps ? std::to_string(*round.swaps) + " swaps" : ""},
           on.columns, on.letters);
  const auto name = shown(round.id.job.value, on.letters);
  return text.starts_with(name)
           ? paint(name, tone::strong, on.color) + text.substr(name.size()) + '\n'
           : text + '\n';
}

std::vector<table_column> columns_of(const round_view& round, const page& on) {
  const auto symbol = cut(shown(round.symbol1, on.letters), symbol_width, on.letters);
  constexpr auto yes = note_place::yes;
  constexpr auto if_needed = note_place::if_needed;
  std::vector<table_column> columns{{.title = "#", .right = true},
                                    {.title = "uid", .right = true},
                                    {.title = "miner", .drop = 9, .shrink_to = 7},
                                    {.title = "strategy", .drop = 5, .shrink_to = 7},
                                    {.title = "score bp", .right = true, .notes = yes},
                                    {"fees " + symbol, symbol, true, 3, yes},
                                    {"imp. loss %", "IL %", true, 4, yes},
                                    {"in range %", "range", true, 6, yes},
                                    {"evaluation bp", "eval", true, 7, if_needed},
                                    {"live bp", "live", true, 8, if_needed},
                                    {"combined bp", "combined", true, 2},
                                    {"eligible", "elig", false, 1}};
  if (round.staked)
    columns.insert(columns.begin() + rewards_place, {"rewards", "rew.", true, 3, yes});
  return columns;
}

tone tone_of(const miner_row& x) {
  if (x.rank == 1)
    return tone::winner;
  if (x.verdict == miner_verdict::refused)
    return tone::faint;
  return x.verdict == miner_verdict::failed ? tone::alarm : tone::normal;
}

double fees_of(const miner_row& x, const round_view& round) {
  return x.metrics ? whole_amount(x.metrics->fees_value, round.decimals1) : 0;
}

table_row row_of(const miner_row& x, const round_view& round, int fee_decimals, charset letters) {
  const bool scored = x.rank != 0;
  const auto standing = [&](double miner_score::*part) {
    return x.standing ? points_text((*x.standing).*part) : no_number;
  };
  const auto metric = [&](auto text) { return x.metrics ? text(*x.metrics) : no_number; };
  table_row row;
  row.cells = {scored ? std::to_string(x.rank) : "",
               std::to_string(x.uid.value),
               cut_middle(shown(x.key, letters), key_width, letters),
               x.strategy,
               scored ? points_text(x.score) : no_number,
               metric([&](const auto&) { return fixed(fees_of(x, round), fee_decimals); }),
               metric([](const auto& m) { return fixed(100 * m.impermanent_loss, 3); }),
               metric([](const auto& m) { return fixed(100 * m.in_range_ratio, 1); }),
               standing(&miner_score::evaluation_score),
               standing(&miner_score::live_score),
               standing(&miner_score::combined_score),
               x.standing ? (x.standing->eligible ? "yes" : "no") : no_number};
  if (round.staked)
    row.cells.insert(row.cells.begin() + rewards_place, metric([](const auto& m) {
                       return fixed(whole_amount(m.rewards, reward_decimals), 4);
                     }));
  row.note = x.note;
  if (!scored && row.note.empty())
    row.note = x.verdict == miner_verdict::refused ? "refused" : "failed";
  row.has_numbers = scored;
  row.how = tone_of(x);
  return row;
}

std::string executions(uint32_t n) {
  return n == 1 ? "1 execution" : std::to_string(n) + " executions";
}

/// "+1.23 USDC (+0.012 %) against hold"
std::string against_hold(const plan_metrics& m, const round_view& round) {
  const auto more = whole_amount(m.net_pnl_vs_hodl, round.decimals1);
  const auto hold = whole_amount(m.hodl_value, round.decimals1);
  auto text = signed_fixed(more, decimals_for(std::abs(more))) + " " + round.symbol1;
  if (hold > 0)
    text += " (" + signed_fixed(100 * more / hold, 3) + " %)";
  return text + " against hold";
}

} // namespace

std::string draw_evaluation(const round_view& round, const page& on) {
  auto text = head(round, on);
  if (round.status == round_status::failed)
    return text
           + paint(cut("failed: "
                         + (round.note.empty() ? "no reason given" : shown(round.note, on.letters)),
                       on.columns, on.letters),
                   tone::alarm, on.color)
           + '\n';
  const auto* first = round.winner();
  text += first ? flow({"winner " + who(first->uid, first->strategy),
                        "score " + points_text(first->score) + " bp", reason_of_winner(round)},
                       on.columns, on.letters)
                : cut("nobody was scored", on.columns, on.letters);
  text += '\n';
  if (!round.note.empty())
    text += cut(shown(round.note, on.letters), on.columns, on.letters) + '\n';
  if (round.rows.empty())
    return text;
  double largest = 0;
  for (const auto& x : round.rows)
    largest = std::max(largest, fees_of(x, round));
  std::vector<table_row> rows;
  for (const auto& x : round.rows)
    rows.push_back(row_of(x, round, decimals_for(largest), on.letters));
  return text
         + draw_table(columns_of(round, on), std::move(rows), on.columns, on.color, on.letters);
}

std::string draw_live(const round_view& round, const page& on) {
  std::vector<std::string> parts{"live round " + std::to_string(round.id.number.value)};
  auto how = tone::normal;
  if (round.status == round_status::failed)
    how = tone::alarm;
  for (const auto& x : round.rows) {
    parts.push_back(who(x.uid, x.strategy));
    if (x.rank)
      parts.push_back("score " + points_text(x.score) + " bp");
    if (x.metrics) {
      parts.push_back(against_hold(*x.metrics, round));
      parts.push_back(executions(x.metrics->rebalances));
    }
    if (!x.note.empty())
      parts.push_back(x.note);
    if (x.verdict == miner_verdict::failed)
      how = tone::alarm;
  }
  if (round.status == round_status::failed)
    parts.push_back("failed: " + (round.note.empty() ? "no reason given" : round.note));
  else if (!round.note.empty())
    parts.push_back(round.note);
  return paint(flow(parts, on.columns, on.letters), how, on.color) + '\n';
}

std::string draw_job(const job_report& report, const strategy_labels& labels, const page& on) {
  std::string text;
  if (report.evaluation)
    text += draw_evaluation(view_of(*report.evaluation, report, labels), on);
  if (report.live)
    text += draw_live(view_of(*report.live, report, labels), on);
  return text;
}

} // namespace sluice::report
