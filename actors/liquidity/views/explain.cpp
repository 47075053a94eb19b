// A score, number by number, back to the swaps that it came from.
#include "actors/liquidity/views/parts.hpp"
#include "actors/liquidity/views/record_now.hpp"
#include "actors/liquidity/views/stored_market.hpp"
#include "rules/admin/line_tokens.hpp"
#include "rules/difference.hpp"
#include "rules/liquidity/score_breakdown.hpp"
#include "rules/liquidity/verdict_name.hpp"
#include "rules/pool/price.hpp"
#include "sim/evaluate/earnings.hpp"
#include "sim/math/tick_math.hpp"
#include "storage/liquidity/tables.hpp"

namespace sluice::views {

namespace tables = storage::tables;

namespace {

/// Everything that is shown of one miner in one round.
class explanation {
public:
  explanation(const round_record& row, const prediction& stored, const window& market,
              const plan_earnings& earned)
    : row_(row), stored_(stored), market_(market), earned_(earned), terms_(market.terms) {}

  json all() const {
    json shown;
    shown["market"] = market();
    shown["answers"] = answers();
    shown["positions"] = positions();
    shown["values"] = values();
    const auto breakdown = score_breakdown(earned_.outcome.metrics, row_.config.scoring);
    shown["score"] = json::array();
    for (const auto& x : breakdown)
      shown["score"].push_back({{"name", x.name},
                                {"value", number(x.value)},
                                {"formula", x.formula},
                                {"numbers", x.filled}});
    shown["stored_score"] = number(stored_.score);
    shown["recomputed_score"] = number(breakdown.back().value);
    uint64_t compared = 0;
    auto difference = first_difference("outcome", *stored_.outcome, earned_.outcome, compared);
    if (difference.empty())
      difference = first_difference("score", stored_.score, breakdown.back().value, compared);
    if (stored_.baseline)
      shown["baseline_score"] = number(*stored_.baseline);
    shown["same"] = difference.empty();
    shown["difference"] = difference;
    shown["numbers_compared"] = compared;
    return shown;
  }

private:
  std::string in0(const u256& x) const { return exact(x, terms_.decimals0); }
  std::string in1(const u256& x) const { return exact(x, terms_.decimals1); }
  json price(const u256& sqrt_price_x96) const {
    return number(whole_price(sqrt_price_x96, terms_));
  }

  json market() const {
    const auto& end = earned_.outcome;
    uint64_t swaps = 0;
    for (const auto& x : market_.blocks)
      swaps += x->swaps.size();
    return {{"from_block", market_.from},
            {"to_block", market_.to},
            {"swaps", swaps},
            {"price_at_start", price(market_.start.sqrt_price_x96)},
            {"price_at_end", price(end.sqrt_price_x96)},
            {"tick_at_start", market_.start.tick},
            {"tick_at_end", end.tick},
            {"model", row_.config.model == pool_model::replayed ? "replayed" : "observed"},
            {"token0", row_.config.symbol0},
            {"token1", row_.config.symbol1}};
  }

  /// What it asked for and what was done: outcome.rebalances has the opening first, if there is
  /// one.
  json answers() const {
    json all = json::array();
    const auto& done = earned_.outcome.rebalances;
    const size_t first = stored_.what.opening ? 1 : 0;
    for (size_t i = 0; i < done.size(); ++i) {
      const auto& x = done[i];
      const auto& asked = i < first ? *stored_.what.opening
                                    : stored_.what.rebalances.at(i - first).desired_positions;
      json wanted = json::array();
      for (const auto& p : asked)
        wanted.push_back({{"tick_lower", p.tick_lower},
                          {"tick_upper", p.tick_upper},
                          {"most0", in0(p.allocation0)},
                          {"most1", in1(p.allocation1)}});
      all.push_back({{"block", x.block},
                     {"opening", i < first},
                     {"asked", std::move(wanted)},
                     {"executed", x.executed},
                     {"kept", x.kept},
                     {"burned", x.burned},
                     {"minted", x.minted},
                     {"price", price(x.sqrt_price_x96)},
                     {"free0", in0(x.after.amount0)},
                     {"free1", in1(x.after.amount1)},
                     {"note", x.note}});
    }
    return all;
  }

  json earning(const swap_earning& x) const {
    const double share = x.paid0.is_zero() ? ratio(x.fees1, x.paid1) : ratio(x.fees0, x.paid0);
    return {{"block", x.block},
            {"log", x.log_index},
            {"price_before", price(x.sqrt_price_from_x96)},
            {"price_after", price(x.sqrt_price_to_x96)},
            {"paid0", in0(x.paid0)},
            {"paid1", in1(x.paid1)},
            {"share", number(share)},
            {"fees0", in0(x.fees0)},
            {"fees1", in1(x.fees1)}};
  }

  json positions() const {
    json all = json::array();
    for (size_t i = 0; i < earned_.outcome.positions.size(); ++i) {
      const auto& p = earned_.outcome.positions[i];
      json swaps = json::array();
      for (const auto& x : earned_.positions.at(i))
        swaps.push_back(earning(x));
      json shown{{"position", i + 1},
                 {"tick_lower", p.tick_lower},
                 {"tick_upper", p.tick_upper},
                 {"price_lower", price(sqrt_ratio_at_tick(p.tick_lower))},
                 {"price_upper", price(sqrt_ratio_at_tick(p.tick_upper))},
                 {"liquidity", to_string(p.liquidity)},
                 {"from_block", p.from_block},
                 {"to_block", p.to_block},
                 {"spent0", in0(p.spent0)},
                 {"spent1", in1(p.spent1)},
                 {"returned0", in0(p.returned0)},
                 {"returned1", in1(p.returned1)},
                 {"fees0", in0(p.fees0)},
                 {"fees1", in1(p.fees1)}};
      if (stored_.what.staked)
        shown["rewards"] = exact(p.rewards, 18);
      shown["earned_from"] = std::move(swaps);
      all.push_back(std::move(shown));
    }
    return all;
  }

  json value(const char* name, const token_amounts& amounts, const u256& at, const u256& sum,
             const char* formula) const {
    return {{"name", name},
            {"value", in1(sum)},
            {"amount0", in0(amounts.amount0)},
            {"amount1", in1(amounts.amount1)},
            {"price", price(at)},
            {"formula", formula}};
  }

  /// The amounts behind the four values; each value is floor(amount0 * P) + amount1, in token1.
  json values() const {
    const auto& out = earned_.outcome;
    const auto& m = out.metrics;
    token_amounts start{stored_.what.start.amount0, stored_.what.start.amount1};
    for (size_t i = 0; i < stored_.what.positions.size(); ++i) {
      start.amount0 += out.positions.at(i).spent0;
      start.amount1 += out.positions.at(i).spent1;
    }
    token_amounts end{out.end.free.amount0, out.end.free.amount1};
    for (const auto& p : out.end.positions) {
      end.amount0 += p.amount0 + p.fees0;
      end.amount1 += p.amount1 + p.fees1;
    }
    const auto& first = market_.start.sqrt_price_x96;
    const auto& last = out.sqrt_price_x96;
    return {value("initial", start, first, m.initial_value, "all it had, first price"),
            value("final", end, last, m.final_value, "free + positions + fees, last price"),
            value("hodl", start, last, m.hodl_value, "all it had, last price"),
            value("fees", {m.fees0, m.fees1}, last, m.fees_value, "all fees, last price")};
  }

  const round_record& row_;
  const prediction& stored_;
  const window& market_;
  const plan_earnings& earned_;
  const pool_terms& terms_;
};

result<prediction>
prediction_of(const storage::data_dir& disk, const round_record& row, std::string_view who) {
  std::optional<prediction> found;
  size_t asked = 0;
  auto read
    = tables::predictions.for_prefix(disk, row.id, [&](const prediction_key&, const prediction& x) {
        ++asked;
        if (is_miner(who, x.uid, x.key))
          found = x;
        return !found;
      });
  if (!read)
    return read.error();
  if (!found)
    return fault{ec::no_such_key, "miner " + admin::quoted_token(who) + " was not asked in round "
                                    + to_string(row.id) + "; " + std::to_string(asked)
                                    + " were, see round " + to_string(row.id)};
  return *std::move(found);
}

json questions(const prediction& stored) {
  json all = json::array();
  for (const auto& x : stored.questions)
    all.push_back({{"block", x.block}, {"answer", to_string(x.answer)}});
  return all;
}

/// Of a miner that has no score in this round.
std::string why_without_score(const round_record& row, const prediction& stored) {
  const auto note = stored.note.empty() ? std::string{"it was never asked"} : stored.note;
  const bool original = row.rules == scoring_rules::original;
  if (stored.verdict == miner_verdict::refused)
    return "it refused: " + stored.note
           + (stored.entered ? "; its live average got min(0, what the live round was worth)"
                             : "; its averages stay as they were");
  if (original)
    return "it did not answer to the end: " + note + "; an evaluation round counts as 0";
  return "it gave no valid answer: " + note
         + "; its average got min(0, what keeping the vault's own plan was worth)";
}

} // namespace

result<json> explain(const storage::data_dir& disk, std::string_view id, std::string_view who) {
  auto row = round_named(disk, id);
  if (!row)
    return row.error();
  if (row->status != round_status::completed)
    return fault{ec::refused, "round " + to_string(row->id) + " is "
                                + std::string{name_of(row->status)} + ", it has no scores"
                                + (row->note.empty() ? "" : ": " + row->note)};
  auto stored = prediction_of(disk, *row, who);
  if (!stored)
    return stored.error();
  json shown{{"round", to_string(row->id)},
             {"miner", stored->uid.value},
             {"hotkey", stored->key.value},
             {"verdict", to_string(stored->verdict)},
             {"note", stored->note}};
  json refused = json::array();
  for (const auto& x : stored->invalid)
    refused.push_back({{"block", x.block}, {"reason", x.reason}});
  shown["refused_proposals"] = std::move(refused);
  auto job = job_named(disk, row->id.job.value);
  auto now = job ? board_now::of(disk, *std::move(job)) : result<board_now>{job.error()};
  if (!now)
    return now.error();
  shown["record_now"] = now->record_of(stored->key);
  shown["questions"] = questions(*stored);
  if (stored->entered)
    shown["entered"] = number(*stored->entered);
  if (!stored->outcome) {
    shown["stored_score"] = number(stored->score);
    shown["why"] = why_without_score(*row, *stored);
    return shown;
  }
  auto market = stored_market(disk, *row);
  if (!market)
    return market.error();
  auto earned = evaluate_with_earnings(*market, stored->what, row->config.model,
                                       row->config.positions_max, options_of(*row));
  if (!earned)
    return earned.error();
  shown.update(explanation{*row, *stored, *market, *earned}.all());
  return shown;
}

} // namespace sluice::views
