#include "sim/evaluate/backtest.hpp"

#include "rules/liquidity/proposal.hpp"
#include "rules/liquidity/question.hpp"
#include "rules/liquidity/schedule.hpp"
#include "rules/liquidity/score.hpp"
#include "sim/evaluate/open_evaluation.hpp"

#include <algorithm>

namespace sluice {

namespace {

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
  open_evaluation run;
};

/// The round that is being played, up to where the market has come.
struct backtest::round_in_play {
  round_id id;
  uint64_t end = 0; // block, included
  passing_window market;
  std::function<bool()> stop;
  std::vector<uint64_t> questions; // after which blocks
  size_t asked = 0;                // of them
  std::vector<participant> participants{};
};

backtest::backtest(job_config job, std::vector<backtest_player> players)
  : job_(std::move(job)), players_(std::move(players)), board_(job_.board) {
  for (const auto& player : players_)
    accounts_.push_back({{player.what.start, player.what.positions, {}, {}}, {}, {}, false});
}

backtest::~backtest() = default;

round_id backtest::id_of(round_no number) const {
  return {job_.id, round_kind::evaluation, number};
}

result<std::vector<backtest_play>>
backtest::play(const window& market, round_no number, uint64_t time,
               const std::function<bool()>& stop) {
  if (auto opened = open(market, number, stop); !opened)
    return opened.error();
  if (auto passed = pass(market.blocks); !passed)
    return passed.error();
  return close(time);
}

result<nothing>
backtest::open(const window& market, round_no number, const std::function<bool()>& stop) {
  round_.reset(
    new round_in_play{id_of(number),
                      market.to,
                      {market, job_.model},
                      stop,
                      checkpoints({number, market.from, market.to}, job_.checkpoint_blocks)});
  for (size_t i = 0; i < players_.size(); ++i) {
    auto what = accounts_[i].vault;
    what.staked = job_.staked;
    if (!players_[i].how)
      for (const auto& x : players_[i].what.rebalances)
        if (x.block >= market.from && x.block <= market.to)
          what.rebalances.push_back(x);
    round_->participants.push_back(
      {players_[i],
       {static_cast<uint16_t>(i)},
       {},
       {},
       true,
       open_evaluation(round_->market, std::move(what), job_.positions_max)});
  }
  return ask_all(true);
}

/// Everybody sees the next blocks; the round is then where block `to` ends.
void backtest::show(std::span<const std::shared_ptr<const block_record>> blocks, uint64_t to) {
  round_->market.show(blocks, to);
  for (auto& place : round_->participants)
    place.run.pass();
}

result<nothing> backtest::pass(std::span<const std::shared_ptr<const block_record>> blocks) {
  auto& round = *round_;
  while (!blocks.empty()) {
    const bool more = round.asked < round.questions.size();
    const auto limit = more ? round.questions[round.asked] : UINT64_MAX;
    const auto after
      = std::ranges::upper_bound(blocks, limit, {}, [](const auto& x) { return x->block.number; });
    const auto count = static_cast<size_t>(after - blocks.begin());
    const bool reached = count < blocks.size(); // the next one comes after the question
    show(blocks.first(count), reached ? limit : blocks[count - 1]->block.number);
    blocks = blocks.subspan(count);
    if (!reached)
      return nothing{};
    ++round.asked;
    if (auto asked = ask_all(false); !asked)
      return asked;
  }
  return nothing{};
}

result<nothing> backtest::ask_all(bool opening) {
  if (round_->stop && round_->stop())
    return fault{ec::refused, "stopped"};
  for (auto& place : round_->participants)
    if (place.player.how && place.in)
      if (auto asked = ask(place, opening); !asked)
        return asked;
  return nothing{};
}

result<std::vector<backtest_play>> backtest::close(uint64_t time) {
  auto& round = *round_;
  for (; round.asked < round.questions.size(); ++round.asked) {
    show({}, round.questions[round.asked]);
    if (auto asked = ask_all(false); !asked)
      return asked.error();
  }
  show({}, round.end);
  for (auto& place : round.participants)
    if (auto finished = finish(place); !finished)
      return finished.error();
  rank_all(round.participants, time);
  std::vector<backtest_play> plays;
  for (size_t i = 0; i < round.participants.size(); ++i) {
    auto& play = round.participants[i].play;
    auto& holder = accounts_[i];
    add_up(holder, play.outcome);
    const auto* record = board_.find({players_[i].name});
    holder.total.average = record ? record->evaluation_score : 0;
    holder.vault = carried_over(play.outcome.end);
    play.total = holder.total;
    plays.push_back(std::move(play));
  }
  round_.reset();
  return plays;
}

/// One question and what becomes of the answer.
result<nothing> backtest::ask(participant& place, bool opening) {
  const auto& market = round_->market;
  auto stands = place.run.standing();
  if (!stands)
    return fault{stands.error().code, place.player.name + ": " + stands.error().what};
  auto terms = market.part().terms;
  terms.fee = market.fee();
  auto move
    = propose(*place.player.how, question_at(market.part().to, job_, round_->id, terms, *stands),
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
  if (auto why = proposal_fault(desired, market.part().terms, stands->end, job_.positions_max);
      !why.empty()) {
    ++place.play.invalid;
    place.play.note = "invalid: " + why;
    return nothing{};
  }
  place.run.decide(opening, std::move(desired));
  return nothing{};
}

result<nothing> backtest::finish(participant& place) const {
  auto outcome = place.run.outcome();
  if (!outcome)
    return fault{outcome.error().code, place.player.name + ": " + outcome.error().what};
  place.play.what = place.run.what();
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
