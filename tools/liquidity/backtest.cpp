#include "tools/liquidity/backtest.hpp"

#include "io/liquidity/block_source.hpp"
#include "io/liquidity/plan_file.hpp"
#include "io/pool/event_stream.hpp"
#include "rules/limits.hpp"
#include "rules/liquidity/schedule.hpp"
#include "rules/pool/price.hpp"
#include "sim/math/tick_math.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_set>

namespace sluice::tools {

namespace {

constexpr size_t players_max = 65'536;      // each has a uid
constexpr uint64_t checkpoints_max = 1'000; // in a round
constexpr size_t played_at_once = 256;      // replayed, played and let go of; then a look at stop
constexpr size_t bands_each = 2'000;        // that a player may have
constexpr size_t bands_all = 64'000;        // and everybody together, but a few each
constexpr size_t bands_min = 50;

fault bad(std::string what) {
  return {ec::bad_input, std::move(what)};
}

std::string counted(uint64_t n, const char* what) {
  return std::to_string(n) + ' ' + what + (n == 1 ? "" : "s");
}

/// Everything between the files and the report, in the order of its functions.
class backtest_run {
public:
  backtest_run(const backtest_request& request, const backtest_watch& watch)
    : request_(request), watch_(watch) {}

  result<backtest_report> run() {
    for (auto step :
         {&backtest_run::read_flags, &backtest_run::read_players, &backtest_run::read_recording,
          &backtest_run::cut_rounds, &backtest_run::begin, &backtest_run::play_all})
      if (auto done = (this->*step)(); !done)
        return done.error();
    sum_up();
    return std::move(report_);
  }

private:
  result<nothing> read_flags();
  result<nothing> read_players();
  result<nothing> add_player(backtest_player player);
  result<nothing> read_recording();
  result<nothing> cut_rounds();
  result<nothing> begin();
  result<nothing> play_all();
  result<nothing> play_one(round_no number);
  result<nothing> read_ahead();
  result<std::vector<std::shared_ptr<const block_record>>> advance(uint64_t to);
  void trace(const std::vector<std::shared_ptr<const block_record>>& blocks);
  result<nothing> book(const backtest_round& round, std::vector<backtest_play> plays);
  static void add_up(const backtest_cell& cell, backtest_player_sum& sum);
  void sum_up();
  void note(std::string what) { report_.notes.push_back(std::move(what)); }
  uint64_t time_before(uint64_t block) const;
  bool stopped() const { return watch_.stop && watch_.stop(); }

  const backtest_request& request_;
  const backtest_watch& watch_;
  backtest_report report_;
  score_market market_;
  span_length round_length_;
  std::optional<span_length> checkpoint_length_;
  std::optional<feed_moment> from_;
  std::optional<feed_moment> to_;
  std::vector<backtest_player> players_;
  std::unordered_set<std::string> names_; // of them; asked only whether one is there
  std::optional<inventory> given_start_;  // of the strategies
  uint64_t first_ = 0;                    // round numbers
  uint64_t last_ = 0;
  std::optional<replica> feed_;
  std::optional<io::recorded_blocks::reader> from_file_;
  std::optional<feed_block> ahead_;                    // the next block; none behind the last
  std::optional<std::pair<uint64_t, uint64_t>> clock_; // last block with a time, and that
  std::optional<backtest> test_;
  std::vector<band_trace> bands_;
  price_trace prices_;
};

result<nothing> backtest_run::read_flags() {
  auto round = parse_length("--round", request_.round);
  if (!round)
    return round.error();
  round_length_ = *round;
  if (!request_.checkpoint.empty()) {
    auto length = parse_length("--checkpoint", request_.checkpoint);
    if (!length)
      return length.error();
    checkpoint_length_ = *length;
  }
  for (const auto& [flag, text, into] :
       {std::tuple{"--from", &request_.from, &from_}, std::tuple{"--to", &request_.to, &to_}}) {
    if (text->empty())
      continue;
    auto moment = parse_moment(flag, *text);
    if (!moment)
      return moment.error();
    *into = *moment;
  }
  if (!request_.tokens.empty()) {
    auto names = parse_token_names(request_.tokens);
    if (!names)
      return names.error();
    report_.names = *std::move(names);
  }
  return nothing{};
}

result<nothing> backtest_run::add_player(backtest_player player) {
  if (!names_.insert(player.name).second)
    return bad("--strategy, --plan: " + player.name + " comes twice: remove one");
  if (players_.size() == players_max)
    return bad("--strategy, --plan: expected at most " + std::to_string(players_max)
               + ", got more: remove some");
  players_.push_back(std::move(player));
  return nothing{};
}

result<nothing> backtest_run::read_players() {
  auto names = request_.strategies;
  if (names.empty() && request_.plans.empty())
    names = {"hold", "wide", "narrow", "volatility"};
  for (const auto& name : names) {
    auto how = parse_strategy(name);
    if (!how)
      return bad("--strategy: " + how.error().what);
    if (auto added = add_player({name, *std::move(how), {}}); !added)
      return added;
  }
  for (const auto& path : request_.plans) {
    auto what = io::read_plan(path);
    if (!what)
      return what.error();
    if (!given_start_)
      given_start_ = what->start;
    if (auto added = add_player({io::stem_of(path), {}, *std::move(what)}); !added)
      return added;
  }
  return nothing{};
}

result<nothing> backtest_run::read_recording() {
  auto market = read_market(request_.events, request_.pool);
  if (!market)
    return market.error();
  market_ = *std::move(market);
  report_.market = market_.name;
  report_.files = request_.events;
  report_.terms = market_.terms;
  report_.model = request_.model;
  report_.pace = pace_of(market_);
  if (market_.bars && request_.model == pool_model::replayed)
    return bad("--model: the replayed model needs a pool, minute bars have none: use observed");
  if (request_.staked) {
    if (auto checked = check_staked(market_); !checked)
      return checked;
    report_.staked = true;
    for (auto& what : staking_notes(market_))
      note(std::move(what));
  }
  if (!request_.start.empty()) {
    auto start = parse_start(request_.start, market_.terms);
    if (!start)
      return start.error();
    given_start_ = *start;
  }
  const bool in_time = !round_length_.blocks || (from_ && from_->is_time) || (to_ && to_->is_time);
  if (!report_.pace.known && in_time) {
    if ((from_ && from_->is_time) || (to_ && to_->is_time))
      return bad("--from, --to: " + market_.path + " has no times: give blocks");
    note(market_.path + " has no times: a block is taken for 2 s; give --round in blocks, as "
         + "--round 450blocks, to be exact");
  }
  return nothing{};
}

/// Whole rounds only, as a validator plays them, from the first that finds a price.
result<nothing> backtest_run::cut_rounds() {
  const auto length = blocks_in(round_length_, report_.pace);
  const auto& facts = market_.blocks.facts();
  const auto alive_from = facts.first + (market_.bars ? 0 : 1);
  if (!facts.first_swap)
    return bad(market_.path + ": no swap in it, nothing to play rounds on");
  const auto given_from = from_ ? block_at(*from_, market_) : alive_from;
  const auto given_to = to_ ? block_at(*to_, market_) : UINT64_MAX - 1;
  for (const auto* read : {&given_from, &given_to})
    if (!*read)
      return read->error();
  const auto from = std::max(*given_from, alive_from);
  const auto to = std::min(*given_to, facts.last);
  const auto ended = (to + 1) / length; // the first round that is not whole any more
  first_ = (from + length - 1) / length;
  if (!from_ && !market_.bars) { // before its first swap a pool may have any price
    const auto swapped = *facts.first_swap / length;
    first_ = std::max(first_, swapped + (swapped + 1 < ended ? 1 : 0));
  }
  const auto span = counted(length, "block");
  if (first_ >= ended)
    return bad("--round: no whole round of " + span + " within blocks " + std::to_string(from)
               + ".." + std::to_string(to) + " of " + market_.path
               + ": give a shorter --round, or more of --from and --to");
  last_ = ended - 1;
  const auto rounds = last_ - first_ + 1;
  if (from_ && first_ * length != from)
    note("rounds begin at multiples of " + span + ": the first begins at block "
         + std::to_string(first_ * length));
  if (!from_ && !to_ && rounds < 3)
    note("only " + counted(rounds, "whole round") + " of " + span + " in " + market_.path
         + ": a shorter --round makes more");
  report_.round_blocks = length;
  report_.checkpoint_blocks = checkpoint_length_ ? blocks_in(*checkpoint_length_, report_.pace)
                                                 : std::max<uint64_t>(1, (length * 2 + 4) / 9);
  if (length / report_.checkpoint_blocks > checkpoints_max)
    return bad("--checkpoint: " + counted(report_.checkpoint_blocks, "block") + " in a round of "
               + span + " are more than " + std::to_string(checkpoints_max)
               + " questions: give a longer one");
  return nothing{};
}

/// To the start of the first round; there the vaults get what they start with.
result<nothing> backtest_run::begin() {
  if (watch_.ready)
    if (auto ready = watch_.ready(); !ready)
      return ready;
  const auto& terms = market_.terms;
  if (market_.bars) {
    const auto tick = *market_.blocks.facts().first_open_tick;
    feed_ = replica::of_bars(terms, {sqrt_ratio_at_tick(tick), tick});
  } else {
    feed_ = replica::of_pool(terms);
  }
  from_file_ = market_.blocks.read();
  if (auto found = read_ahead(); !found)
    return found;
  const auto start = first_ * report_.round_blocks;
  while (ahead_ && ahead_->number < start)
    if (auto there = advance(start - 1); !there)
      return there.error();
  if (!feed_->alive())
    return bad(market_.path + ": knows no price before block " + std::to_string(start)
               + ": choose a later --from");
  report_.start = feed_->price();
  const auto common = given_start_.value_or(default_start(report_.start.sqrt_price_x96, terms));
  for (auto& x : players_)
    if (x.how)
      x.what.start = common;
  job_config job;
  job.id = {"backtest"};
  job.terms = terms;
  job.model = request_.model;
  job.staked = request_.staked;
  job.positions_max = limits::positions_max;
  job.checkpoint_blocks = report_.checkpoint_blocks;
  test_.emplace(std::move(job), std::move(players_));
  const auto count = test_->players().size();
  bands_.resize(count, band_trace(std::clamp(bands_all / count, bands_min, bands_each)));
  report_.players.resize(count);
  prices_ = price_trace(start);
  prices_.add(start, whole_price(report_.start.sqrt_price_x96, terms));
  return nothing{};
}

result<nothing> backtest_run::play_all() {
  const auto all = (last_ - first_ + 1) * report_.round_blocks;
  for (auto number = first_; number <= last_; ++number) {
    if (watch_.progress)
      watch_.progress((number - first_) * report_.round_blocks, all);
    if (auto played = play_one({number}); !played)
      return played;
  }
  if (watch_.progress)
    watch_.progress(all, all);
  if (const auto left = market_.blocks.facts().last + 1 - (last_ + 1) * report_.round_blocks;
      left > 0 && !to_)
    note("the last " + counted(left, "block") + " of " + market_.path
         + " make no whole round and are left out");
  return nothing{};
}

result<nothing> backtest_run::play_one(round_no number) {
  const auto span = round_by_number(number, report_.round_blocks);
  // Beside the market nobody looks into its pool, but for a fee that changes and who is staked.
  const bool inside
    = request_.model == pool_model::replayed || market_.terms.kind == pool_kind::slipstream;
  const window opening{market_.terms,
                       span.start_block,
                       span.end_block,
                       feed_->price(),
                       inside ? feed_->snapshot() : nullptr,
                       {}};
  backtest_round round{number, opening.from,  opening.to, time_before(opening.from),
                       0,      opening.start, {},         {}};
  const auto in_round = [&](const fault& why) {
    return why.code == ec::refused
             ? why
             : fault{why.code, "round " + std::to_string(number.value) + ", " + why.what};
  };
  if (auto opened = test_->open(opening, number, watch_.stop); !opened)
    return in_round(opened.error());
  while (ahead_ && ahead_->number <= opening.to) {
    const auto blocks = advance(opening.to);
    if (!blocks)
      return blocks.error();
    if (auto passed = test_->pass(*blocks); !passed)
      return in_round(passed.error());
    trace(*blocks);
  }
  auto plays = test_->close(clock_ ? clock_->second : 0);
  if (!plays)
    return in_round(plays.error());
  round.end_time = time_before(opening.to + 1);
  round.end = feed_->price();
  return book(round, *std::move(plays));
}

result<nothing> backtest_run::read_ahead() {
  auto block = from_file_->next();
  if (!block)
    return block.error();
  ahead_ = *std::move(block);
  return nothing{};
}

/// Replays a few blocks up to `to`, that included.
result<std::vector<std::shared_ptr<const block_record>>> backtest_run::advance(uint64_t to) {
  if (stopped())
    return fault{ec::refused, "stopped"};
  std::vector<std::shared_ptr<const block_record>> records;
  while (ahead_ && ahead_->number <= to && records.size() < played_at_once) {
    auto record = feed_->apply(*ahead_);
    if (!record)
      return io::in_recording({.kind = feed_kind::events, .files = request_.events},
                              record.error());
    if (ahead_->time != 0)
      clock_ = {ahead_->number, ahead_->time};
    records.push_back(*std::move(record));
    if (auto found = read_ahead(); !found)
      return found.error();
  }
  return records;
}

void backtest_run::trace(const std::vector<std::shared_ptr<const block_record>>& blocks) {
  for (const auto& block : blocks) {
    for (const auto& swap : block->swaps)
      prices_.add(block->block.number, whole_price(swap.sqrt_price_x96, market_.terms));
    prices_.add(block->block.number, whole_price(block->sqrt_price_x96, market_.terms));
  }
}

/// When a block begins, between the recorded times around it; 0 when there are none.
uint64_t backtest_run::time_before(uint64_t block) const {
  if (market_.bars)
    return block * 60;
  if (!report_.pace.known || !clock_)
    return 0;
  auto pace = report_.pace.block_seconds;
  if (ahead_ && ahead_->time > clock_->second)
    pace = static_cast<double>(ahead_->time - clock_->second)
           / static_cast<double>(ahead_->number - clock_->first);
  const auto past = block > clock_->first ? static_cast<double>(block - clock_->first) : 0;
  return clock_->second + static_cast<uint64_t>(std::llround(past * pace));
}

result<nothing> backtest_run::book(const backtest_round& round, std::vector<backtest_play> plays) {
  auto booked = round;
  for (size_t i = 0; i < plays.size(); ++i) {
    auto& x = plays[i];
    bands_[i].add(round.start_block, x.outcome.positions);
    booked.cells.push_back(
      {x.verdict, std::move(x.note), x.invalid, x.rank, x.score, x.outcome.metrics, x.total});
    add_up(booked.cells.back(), report_.players[i]);
  }
  if (request_.keep_rounds)
    return report_.rounds.add(booked);
  report_.rounds.count(booked);
  return nothing{};
}

/// `score_mean` is the sum until sum_up().
void backtest_run::add_up(const backtest_cell& x, backtest_player_sum& sum) {
  const bool any = sum.scored + sum.failed > 0;
  sum.wins += x.rank == 1;
  sum.invalid += x.invalid;
  sum.scored += x.verdict == miner_verdict::scored;
  sum.refused += x.verdict == miner_verdict::refused;
  sum.failed += x.verdict == miner_verdict::failed;
  sum.total = x.total;
  if (x.verdict == miner_verdict::refused)
    return;
  sum.score_mean += x.score;
  sum.score_min = any ? std::min(sum.score_min, x.score) : x.score;
  sum.score_max = any ? std::max(sum.score_max, x.score) : x.score;
}

void backtest_run::sum_up() {
  for (size_t i = 0; i < test_->players().size(); ++i) {
    const auto& player = test_->players()[i];
    auto& sum = report_.players[i];
    sum.name = player.name;
    sum.is_plan = !player.how;
    sum.start = test_->first_tokens(i);
    if (const auto counted_rounds = sum.scored + sum.failed; counted_rounds > 0)
      sum.score_mean /= static_cast<double>(counted_rounds);
    sum.bands = bands_[i].bands();
  }
  report_.prices = prices_.slices();
  uint32_t rank = 0;
  for (const auto* x : report_.ranked())
    if (x->scored > 0)
      report_.players[static_cast<size_t>(x - report_.players.data())].rank = ++rank;
}

} // namespace

std::vector<const backtest_player_sum*> backtest_report::ranked() const {
  std::vector<const backtest_player_sum*> order;
  for (const auto& x : players)
    order.push_back(&x);
  std::ranges::stable_sort(order, [](const auto* a, const auto* b) {
    if ((a->scored > 0) != (b->scored > 0))
      return a->scored > 0;
    if (a->score_mean != b->score_mean)
      return a->score_mean > b->score_mean;
    return a->total.net_pnl_vs_hodl > b->total.net_pnl_vs_hodl;
  });
  return order;
}

result<backtest_report>
make_backtest_report(const backtest_request& request, const backtest_watch& watch) {
  return backtest_run(request, watch).run();
}

} // namespace sluice::tools
