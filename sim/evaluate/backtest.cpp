#include "sim/evaluate/backtest.hpp"

#include "rules/liquidity/proposal.hpp"
#include "rules/liquidity/question.hpp"
#include "rules/liquidity/schedule.hpp"
#include "rules/liquidity/score.hpp"

#include <algorithm>

namespace sluice {

namespace {

/// The window up to `block`; `taken` counts its blocks and only grows.
window until(const window& whole, uint64_t block, size_t& taken) {
  while (taken < whole.blocks.size() && whole.blocks[taken]->block.number <= block)
    ++taken;
  window part{whole.terms, whole.from, block, whole.start, whole.start_pool, {}};
  part.blocks.assign(whole.blocks.begin(), whole.blocks.begin() + static_cast<ptrdiff_t>(taken));
  return part;
}

/// The moment before the first block.
window opening_of(const window& whole) {
  return {whole.terms, whole.from, whole.from - 1, whole.start, whole.start_pool, {}};
}

/// Refused rebalances of a plan, and why the last of them was.
void note_refusals(backtest_play& play) {
  for (const auto& x : play.outcome.rebalances)
    if (!x.executed && x.note != "kept") {
      ++play.invalid;
      play.note = "invalid: block " + std::to_string(x.block) + ": " + x.note;
    }
}

} // namespace

/// A player in the round that is being played.
struct backtest::participant {
  const backtest_player& player;
  miner_uid uid;
  backtest_play play;
  strategy_memory memory;
  bool in = true; // still asked
  uint64_t block = 0;
  round_id round;
};

backtest::backtest(job_config job, std::vector<backtest_player> players)
  : job_(std::move(job)), players_(std::move(players)), board_(job_.board) {
  for (const auto& player : players_)
    accounts_.push_back({{player.what.start, player.what.positions, {}, {}}, {}, {}, false});
}

round_id backtest::id_of(round_no number) const {
  return {job_.id, round_kind::evaluation, number};
}

result<std::vector<backtest_play>>
backtest::play(const window& market, round_no number, uint64_t time,
               const std::function<bool()>& stop) {
  std::vector<participant> participants;
  for (size_t i = 0; i < players_.size(); ++i) {
    participant place{players_[i], {static_cast<uint16_t>(i)}, {}, {}, true, 0, id_of(number)};
    place.play.what = accounts_[i].vault;
    place.play.what.staked = job_.staked;
    if (!place.player.how)
      for (const auto& x : place.player.what.rebalances)
        if (x.block >= market.from && x.block <= market.to)
          place.play.what.rebalances.push_back(x);
    participants.push_back(std::move(place));
  }
  const auto ask_all = [&](const window& so_far, bool opening) -> result<nothing> {
    if (stop && stop())
      return fault{ec::refused, "stopped"};
    for (auto& place : participants)
      if (place.player.how && place.in)
        if (auto asked = ask(place, so_far, opening); !asked)
          return asked;
    return nothing{};
  };
  if (auto asked = ask_all(opening_of(market), true); !asked)
    return asked.error();
  size_t taken = 0;
  for (const auto block : checkpoints({number, market.from, market.to}, job_.checkpoint_blocks))
    if (auto asked = ask_all(until(market, block, taken), false); !asked)
      return asked.error();
  for (auto& place : participants)
    if (auto closed = close(place, market); !closed)
      return closed.error();
  rank_all(participants, time);
  std::vector<backtest_play> plays;
  for (size_t i = 0; i < participants.size(); ++i) {
    auto& play = participants[i].play;
    auto& holder = accounts_[i];
    add_up(holder, play.outcome);
    const auto* record = board_.find({players_[i].name});
    holder.total.average = record ? record->evaluation_score : 0;
    holder.vault = carried_over(play.outcome.end);
    play.total = holder.total;
    plays.push_back(std::move(play));
  }
  return plays;
}

/// One question and what becomes of the answer.
result<nothing> backtest::ask(participant& place, const window& market, bool opening) {
  auto stands = evaluate(market, place.play.what, job_.model, job_.positions_max);
  if (!stands)
    return fault{stands.error().code, place.player.name + ": " + stands.error().what};
  const auto block = market.to;
  auto terms = market.terms;
  terms.fee = current_fee(market);
  auto move = propose(*place.player.how, question_at(block, job_, place.round, terms, *stands),
                      place.memory);
  const auto drop = [&](miner_verdict verdict, std::string note) {
    place.in = false;
    place.play.verdict = verdict;
    place.play.note = std::move(note);
    return nothing{};
  };
  if (move.act == strategy_act::crash)
    return drop(miner_verdict::failed, "the miner is down");
  if (move.act == strategy_act::stay_silent)
    return drop(miner_verdict::failed, "no answer");
  if (auto why = reply_fault(move.reply); !why.empty())
    return drop(miner_verdict::failed, "undecodable reply: " + why);
  if (!move.reply.accepted)
    return drop(miner_verdict::refused, "refused: " + move.reply.refusal_reason);
  auto& desired = move.reply.desired_positions;
  if (auto why = proposal_fault(desired, market.terms, stands->end, job_.positions_max);
      !why.empty()) {
    ++place.play.invalid;
    place.play.note = "invalid: " + why;
    return nothing{};
  }
  apply(place.play.what, block, opening, std::move(desired));
  return nothing{};
}

result<nothing> backtest::close(participant& place, const window& market) const {
  auto outcome = evaluate(market, place.play.what, job_.model, job_.positions_max);
  if (!outcome)
    return fault{outcome.error().code, place.player.name + ": " + outcome.error().what};
  place.play.outcome = *std::move(outcome);
  if (!place.player.how)
    note_refusals(place.play);
  if (place.in)
    place.play.score = score(place.play.outcome.metrics, job_.scoring);
  return nothing{};
}

void backtest::rank_all(std::vector<participant>& participants, uint64_t time) {
  std::vector<miner_result> results;
  for (const auto& x : participants)
    results.push_back(
      {x.uid, {x.player.name}, x.play.verdict, x.play.score, x.play.invalid, x.play.note});
  const auto ranking = rank_round(results, board_);
  for (size_t i = 0; i < ranking.size(); ++i)
    participants[ranking[i].value].play.rank = static_cast<uint32_t>(i + 1);
  board_.absorb(round_kind::evaluation, time, results);
}

void backtest::add_up(account& holder, const plan_outcome& outcome) {
  const auto& m = outcome.metrics;
  auto& sum = holder.total;
  const auto& price = outcome.sqrt_price_x96;
  if (!holder.begun) { // the vault is still what it was before the round
    sum.initial_value = m.initial_value;
    holder.first = holder.vault.start;
    for (size_t i = 0; i < holder.vault.positions.size(); ++i) { // their breakdowns come first
      holder.first.amount0 += outcome.positions[i].spent0;
      holder.first.amount1 += outcome.positions[i].spent1;
    }
    holder.begun = true;
  }
  sum.value = m.final_value;
  sum.hodl_value = value_in_token1(holder.first.amount0, holder.first.amount1, price);
  sum.fees0 += m.fees0;
  sum.fees1 += m.fees1;
  sum.rewards += m.rewards;
  sum.fees_value = value_in_token1(sum.fees0, sum.fees1, price);
  sum.impermanent_loss = impermanent_loss(sum.hodl_value, sum.value, sum.fees_value);
  sum.net_pnl_vs_hodl = i256::from_u256(sum.value) - i256::from_u256(sum.hodl_value);
  sum.rebalances += m.rebalances;
  sum.swaps += m.swaps;
  sum.swaps_in_range += m.swaps_in_range;
}

} // namespace sluice
