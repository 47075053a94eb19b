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

namespace sluice::tools {

namespace {

constexpr size_t players_max = 32;
constexpr uint64_t cells_max = 200'000;      // rounds times players
constexpr uint64_t checkpoints_max = 1'000;  // in a round
constexpr size_t blocks_between_looks = 256; // at the stop flag, on the way to the first round

fault bad(std::string what) {
  return {ec::bad_input, std::move(what)};
}

std::string counted(uint64_t n, const char* what) {
  return std::to_string(n) + ' ' + what + (n == 1 ? "" : "s");
}

bool is_swap(const feed_block& block) {
  return block.bar ? !block.bar->in_amount0.is_zero() || !block.bar->in_amount1.is_zero()
                   : std::ranges::any_of(block.events, [](const pool_event& e) {
                       return e.kind == pool_event_kind::swap;
                     });
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
  result<std::vector<std::shared_ptr<const block_record>>> advance(uint64_t to);
  void book(round_no number, const window& market, uint64_t start_time,
            std::vector<backtest_play> plays);
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
  std::optional<inventory> given_start_; // of the strategies
  uint64_t first_ = 0;                   // round numbers
  uint64_t last_ = 0;
  std::optional<replica> feed_;
  size_t next_ = 0;                                    // block of the market
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
  const auto same = [&](const backtest_player& x) { return x.name == player.name; };
  if (std::ranges::any_of(players_, same))
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
  const auto alive_from = market_.blocks.front().number + (market_.bars ? 0 : 1);
  const auto first_swap = std::ranges::find_if(market_.blocks, is_swap);
  if (first_swap == market_.blocks.end())
    return bad(market_.path + ": no swap in it, nothing to play rounds on");
  const auto from = from_ ? std::max(block_at(*from_, market_), alive_from) : alive_from;
  const auto to
    = std::min(to_ ? block_at(*to_, market_) : UINT64_MAX - 1, market_.blocks.back().number);
  const auto ended = (to + 1) / length; // the first round that is not whole any more
  first_ = (from + length - 1) / length;
  if (!from_ && !market_.bars) { // before its first swap a pool may have any price
    const auto swapped = first_swap->number / length;
    first_ = std::max(first_, swapped + (swapped + 1 < ended ? 1 : 0));
  }
  const auto span = counted(length, "block");
  if (first_ >= ended)
    return bad("--round: no whole round of " + span + " within blocks " + std::to_string(from)
               + ".." + std::to_string(to) + " of " + market_.path
               + ": give a shorter --round, or more of --from and --to");
  last_ = ended - 1;
  const auto rounds = last_ - first_ + 1;
  if (rounds * players_.size() > cells_max)
    return bad("--round: " + std::to_string(rounds) + " rounds of " + span + " for "
               + counted(players_.size(), "player") + " are too many, at most "
               + std::to_string(cells_max) + " together: give a longer --round");
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
    const auto tick = market_.blocks.front().bar->open_tick;
    feed_ = replica::of_bars(terms, {sqrt_ratio_at_tick(tick), tick});
  } else {
    feed_ = replica::of_pool(terms);
  }
  const auto start = first_ * report_.round_blocks;
  if (start > 0)
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
  bands_.resize(test_->players().size());
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
  if (const auto left = market_.blocks.back().number + 1 - (last_ + 1) * report_.round_blocks;
      left > 0 && !to_)
    note("the last " + counted(left, "block") + " of " + market_.path
         + " make no whole round and are left out");
  return nothing{};
}

result<nothing> backtest_run::play_one(round_no number) {
  const auto span = round_by_number(number, report_.round_blocks);
  window market{market_.terms,  span.start_block,  span.end_block,
                feed_->price(), feed_->snapshot(), {}};
  const auto start_time = time_before(span.start_block);
  auto blocks = advance(span.end_block);
  if (!blocks)
    return blocks.error();
  market.blocks = *std::move(blocks);
  auto plays = test_->play(market, number, clock_ ? clock_->second : 0, watch_.stop);
  if (!plays && plays.error().code == ec::refused)
    return plays.error();
  if (!plays)
    return fault{plays.error().code,
                 "round " + std::to_string(number.value) + ", " + plays.error().what};
  for (const auto& block : market.blocks) {
    for (const auto& swap : block->swaps)
      prices_.add(block->block.number, whole_price(swap.sqrt_price_x96, market.terms));
    prices_.add(block->block.number, whole_price(block->sqrt_price_x96, market.terms));
  }
  book(number, market, start_time, *std::move(plays));
  return nothing{};
}

/// Replays up to a block, that included, and lets go of what it took from the file.
result<std::vector<std::shared_ptr<const block_record>>> backtest_run::advance(uint64_t to) {
  std::vector<std::shared_ptr<const block_record>> records;
  const bool kept = test_.has_value();
  for (; next_ < market_.blocks.size() && market_.blocks[next_].number <= to; ++next_) {
    if (next_ % blocks_between_looks == 0 && stopped())
      return fault{ec::refused, "stopped"};
    auto& block = market_.blocks[next_];
    auto record = feed_->apply(block);
    if (!record)
      return io::in_recording({.kind = feed_kind::events, .files = request_.events},
                              record.error());
    if (block.time != 0)
      clock_ = {block.number, block.time};
    block.events = {};
    if (kept)
      records.push_back(*std::move(record));
  }
  return records;
}

/// When a block begins, between the recorded times around it; 0 when there are none.
uint64_t backtest_run::time_before(uint64_t block) const {
  if (market_.bars)
    return block * 60;
  if (!report_.pace.known || !clock_)
    return 0;
  auto pace = report_.pace.block_seconds;
  if (next_ < market_.blocks.size() && market_.blocks[next_].time > clock_->second)
    pace = static_cast<double>(market_.blocks[next_].time - clock_->second)
           / static_cast<double>(market_.blocks[next_].number - clock_->first);
  const auto past = block > clock_->first ? static_cast<double>(block - clock_->first) : 0;
  return clock_->second + static_cast<uint64_t>(std::llround(past * pace));
}

void backtest_run::book(round_no number, const window& market, uint64_t start_time,
                        std::vector<backtest_play> plays) {
  backtest_round round{
    number,       market.from,    market.to, start_time, time_before(market.to + 1),
    market.start, feed_->price(), {}};
  for (size_t i = 0; i < plays.size(); ++i) {
    auto& x = plays[i];
    bands_[i].add(market.from, x.outcome.positions);
    round.cells.push_back(
      {x.verdict, std::move(x.note), x.invalid, x.rank, x.score, x.outcome.metrics, x.total});
  }
  report_.rounds.push_back(std::move(round));
}

void backtest_run::sum_up() {
  for (size_t i = 0; i < test_->players().size(); ++i) {
    const auto& player = test_->players()[i];
    backtest_player_sum sum;
    sum.name = player.name;
    sum.is_plan = !player.how;
    sum.start = test_->first_tokens(i);
    double scores = 0;
    bool any = false;
    for (const auto& round : report_.rounds) {
      const auto& x = round.cells[i];
      sum.wins += x.rank == 1;
      sum.invalid += x.invalid;
      sum.scored += x.verdict == miner_verdict::scored;
      sum.refused += x.verdict == miner_verdict::refused;
      sum.failed += x.verdict == miner_verdict::failed;
      if (x.verdict == miner_verdict::refused)
        continue;
      scores += x.score;
      sum.score_min = any ? std::min(sum.score_min, x.score) : x.score;
      sum.score_max = any ? std::max(sum.score_max, x.score) : x.score;
      any = true;
    }
    if (any)
      sum.score_mean = scores / static_cast<double>(sum.scored + sum.failed);
    sum.total = report_.last().cells[i].total;
    sum.bands = bands_[i].bands();
    report_.players.push_back(std::move(sum));
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
