#include "tools/liquidity/score_report.hpp"

#include "io/liquidity/metrics_json.hpp"
#include "io/liquidity/plan_file.hpp"
#include "io/text/json_fields.hpp"
#include "rules/limits.hpp"
#include "rules/liquidity/score.hpp"
#include "sim/evaluate/open_evaluation.hpp"
#include "tools/liquidity/score_market.hpp"

#include <algorithm>
#include <cmath>

namespace sluice::tools {

namespace {

constexpr size_t scored_at_once = 1024; // replayed, evaluated and let go of

score_parts parts_of(const plan_metrics& m) {
  const score_terms terms;
  score_parts parts;
  parts.score = score(m, terms);
  const auto& start = m.initial_value;
  const auto& end = m.final_value;
  const double gain = end >= start ? ratio(end - start, start) : -ratio(start - end, start);
  parts.gain = std::clamp(gain, -terms.return_cap, terms.return_cap);
  parts.penalty = std::exp(-terms.penalty_rate * m.impermanent_loss);
  parts.range_factor = range_factor(parts.gain, m.in_range_ratio, terms);
  return parts;
}

std::vector<std::string> notes_of(const plan_outcome& outcome, const window& market) {
  std::vector<std::string> notes;
  const auto note = [&](const rebalance_breakdown& x, const std::string& what) {
    notes.push_back("rebalance at block " + std::to_string(x.block) + ": " + what);
  };
  for (const auto& x : outcome.rebalances)
    if (x.block < market.from || x.block > market.to)
      note(x, "ignored, outside the window " + std::to_string(market.from) + ".."
                + std::to_string(market.to));
    else if (!x.executed && x.note != "kept")
      note(x, "refused: " + x.note);
    else if (x.executed && !x.note.empty())
      note(x, x.note);
  if (outcome.metrics.swaps == 0)
    notes.emplace_back("no swap in the window");
  return notes;
}

io::json to_json(const price_point& x) {
  return {{"sqrt_price_x96", to_string(x.sqrt_price_x96)}, {"tick", x.tick}};
}

io::json to_json(const position_breakdown& x) {
  return {{"tick_lower", x.tick_lower},
          {"tick_upper", x.tick_upper},
          {"liquidity", to_string(u256{x.liquidity})},
          {"from_block", x.from_block},
          {"to_block", x.to_block},
          {"spent0", to_string(x.spent0)},
          {"spent1", to_string(x.spent1)},
          {"returned0", to_string(x.returned0)},
          {"returned1", to_string(x.returned1)},
          {"fees0", to_string(x.fees0)},
          {"fees1", to_string(x.fees1)},
          {"rewards", to_string(x.rewards)}};
}

io::json to_json(const rebalance_breakdown& x) {
  return {{"block", x.block},
          {"executed", x.executed},
          {"note", x.note},
          {"kept", x.kept},
          {"burned", x.burned},
          {"minted", x.minted},
          {"sqrt_price_x96", to_string(x.sqrt_price_x96)},
          {"inventory",
           {{"amount0", to_string(x.after.amount0)}, {"amount1", to_string(x.after.amount1)}}}};
}

template <class T>
io::json list_of(const std::vector<T>& all) {
  io::json list = io::json::array();
  for (const auto& x : all)
    list.push_back(to_json(x));
  return list;
}

} // namespace

result<score_report> make_score_report(const score_request& request) {
  auto what = io::read_plan(request.plan);
  if (!what)
    return what.error();
  auto market = read_market(request.events, request.pool);
  if (!market)
    return market.error();
  if (request.staked)
    if (auto checked = check_staked(*market); !checked)
      return checked.error();
  auto cut = window_blocks::open(*market, request.from, request.to);
  if (!cut)
    return cut.error();
  what->staked = request.staked;
  const auto& opening = cut->opening();
  passing_window passing(opening, request.model);
  open_evaluation run(passing, *std::move(what), limits::positions_max);
  bool timeless = false; // its first block
  for (bool first = true;; first = false) {
    const auto blocks = cut->next(scored_at_once);
    if (!blocks)
      return blocks.error();
    if (blocks->empty())
      break;
    timeless = timeless || (first && blocks->front()->block.time == 0);
    passing.show(*blocks, blocks->back()->block.number);
    run.pass();
  }
  passing.show({}, opening.to);
  run.pass();
  auto outcome = run.outcome();
  if (!outcome)
    return fault{outcome.error().code, request.plan + ": " + outcome.error().what};
  score_report report;
  report.market = market->name;
  report.terms = market->terms;
  report.model = request.model;
  report.staked = request.staked;
  report.from = opening.from;
  report.to = opening.to;
  report.start = opening.start;
  report.outcome = *std::move(outcome);
  report.parts = parts_of(report.outcome.metrics);
  report.notes = notes_of(report.outcome, opening);
  if (request.staked) {
    std::ranges::copy(staking_notes(*market), std::back_inserter(report.notes));
    if (timeless)
      report.notes.emplace_back(
        "the window's first block has no time: rewards begin with the next one");
  }
  return report;
}

std::string to_json(const score_report& report) {
  const auto& m = report.outcome.metrics;
  auto out = io::metrics_json(m, false);
  out["score"] = report.parts.score;
  out["return"] = report.parts.gain;
  out["penalty"] = report.parts.penalty;
  out["range_factor"] = report.parts.range_factor;
  out["staked"] = report.staked;
  out["rewards"] = to_string(m.rewards); // 0 of a plan that is not staked
  out["model"] = report.model == pool_model::replayed ? "replayed" : "observed";
  out["market"] = report.market;
  out["pool"] = io::terms_json(report.terms);
  out["from_block"] = report.from;
  out["to_block"] = report.to;
  out["swaps"] = m.swaps;
  out["swaps_in_range"] = m.swaps_in_range;
  out["start"] = to_json(report.start);
  out["end"] = to_json(price_point{report.outcome.sqrt_price_x96, report.outcome.tick});
  out["inventory"] = {{"amount0", to_string(report.outcome.end.free.amount0)},
                      {"amount1", to_string(report.outcome.end.free.amount1)}};
  out["positions"] = list_of(report.outcome.positions);
  out["rebalance_stories"] = list_of(report.outcome.rebalances);
  out["notes"] = report.notes;
  return out.dump(2, ' ', false, io::json::error_handler_t::replace) + "\n";
}

} // namespace sluice::tools
