#include "actors/liquidity/round_check.hpp"

#include "rules/liquidity/answers.hpp"
#include "rules/liquidity/judgement.hpp"
#include "sim/evaluate/baseline.hpp"

namespace sluice {

namespace {

std::string name_of(const prediction& stored) {
  return "miner " + std::to_string(stored.uid.value);
}

miner_result result_of(const prediction& x) {
  return {x.uid,  x.key,    x.verdict, x.score, static_cast<uint32_t>(x.invalid.size()),
          x.note, x.entered};
}

/// One completed round and the market that it was played in.
class round_recomputed {
public:
  round_recomputed(const round_record& row, const window& market, audit_check& check)
    : row_(row), market_(market), check_(check), how_(options_of(row)) {}

  /// The vault's own plan: what the others are compared with.
  result<nothing> begin_with_the_vault() {
    kept_plan_ = {row_.config.start, row_.config.start_positions, {}, {}, row_.config.staked};
    auto kept = play(kept_plan_);
    if (!kept)
      return fault{kept.error().code, "the vault's own plan: " + kept.error().what};
    kept_ = kept->metrics;
    return nothing{};
  }

  /// By the original rules: who was scored to the end has a score, nobody else.
  result<nothing> original(const prediction& stored) {
    auto outcome = outcome_of(stored);
    if (!outcome)
      return outcome.error();
    if (*outcome)
      check_.same(name_of(stored) + ".score", stored.score,
                  score((*outcome)->metrics, row_.config.scoring));
    return nothing{};
  }

  result<nothing> judged(const prediction& stored) {
    const auto who = name_of(stored);
    const bool refused = stored.verdict == miner_verdict::refused;
    check_.same(who + ".verdict", stored.verdict, verdict_of(refused, stored.questions));
    auto outcome = outcome_of(stored);
    if (!outcome)
      return outcome.error();
    auto baseline = baseline_of(stored.key);
    if (!baseline)
      return fault{baseline.error().code, who + ".baseline: " + baseline.error().what};
    const auto found = judge_round(stored.verdict, *outcome ? (*outcome)->metrics : plan_metrics{},
                                   {kept_, *baseline}, row_.config.scoring);
    check_.same(who + ".score", stored.score, found.score);
    check_.same(who + ".baseline", stored.baseline, found.baseline);
    if (refused && row_.id.kind == round_kind::live)
      return nothing{}; // its price depends on who played: below
    check_.same(who + ".entered", stored.entered, found.entered);
    if (!refused)
      player_ = &stored;
    return nothing{};
  }

  /// What a refusal of the live round costs, once it is known who played.
  void refusals(const std::vector<prediction>& stored) {
    const auto price
      = refusal_price(player_ ? player_->entered : std::nullopt, kept_, row_.config.scoring);
    for (const auto& x : stored)
      if (x.verdict == miner_verdict::refused)
        check_.same(name_of(x) + ".entered", x.entered, std::optional{price});
  }

  std::optional<miner_uid> player() const {
    return player_ ? std::optional{player_->uid} : std::nullopt;
  }

private:
  result<plan_outcome> play(const plan& what) const {
    return evaluate(market_, what, row_.config.model, row_.config.positions_max, how_);
  }

  /// Compared with what is stored; none when the miner was not scored.
  result<std::optional<plan_outcome>> outcome_of(const prediction& stored) {
    const auto who = name_of(stored);
    const bool scored = stored.verdict == miner_verdict::scored;
    check_.same(who + ".outcome stored", stored.outcome.has_value(), scored);
    if (!scored || !stored.outcome)
      return std::optional<plan_outcome>{};
    auto outcome = play(stored.what);
    if (!outcome)
      return fault{outcome.error().code, who + ": " + outcome.error().what};
    check_.same(who + ".outcome", *stored.outcome, *outcome);
    return std::optional{*std::move(outcome)};
  }

  result<plan_metrics> baseline_of(const hotkey& key) const {
    const auto what
      = baseline_plan(kept_plan_, row_.start_owners, key, market_.start.sqrt_price_x96);
    if (row_.config.scoring.baseline == score_baseline::none || what == kept_plan_)
      return kept_;
    auto outcome = play(what);
    if (!outcome)
      return outcome.error();
    return outcome->metrics;
  }

  const round_record& row_;
  const window& market_;
  audit_check& check_;
  evaluation_options how_;
  plan kept_plan_;
  plan_metrics kept_;
  const prediction* player_ = nullptr; // live: who played
};

} // namespace

result<nothing> check_round(const round_record& row, const std::vector<prediction>& stored,
                            const window& market, const scoreboard& before, audit_check& check) {
  const bool original = row.rules == scoring_rules::original;
  const bool live = row.id.kind == round_kind::live;
  round_recomputed round(row, market, check);
  if (!original)
    if (auto begun = round.begin_with_the_vault(); !begun)
      return begun;
  std::vector<miner_result> results;
  for (const auto& x : stored) {
    if (auto checked = original ? round.original(x) : round.judged(x); !checked)
      return checked;
    results.push_back(result_of(x));
  }
  if (!original && live)
    round.refusals(stored);
  check.same("results", row.results, results);
  const auto ranking = rank_round(results, before, row.rules, row.incumbent);
  check.same("ranking", row.ranking, ranking);
  check.same("winner", row.winner,
             live && !original ? round.player() : winner_of(ranking, results, row.rules));
  return nothing{};
}

} // namespace sluice
