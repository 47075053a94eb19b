#include "io/liquidity/config_jobs.hpp"

#include "io/liquidity/block_source.hpp"
#include "rules/limits.hpp"
#include "rules/liquidity/schedule.hpp"
#include "sim/math/tick_math.hpp"

#include <cmath>

namespace sluice::io {
namespace {

using letters = config_table::letters;

constexpr uint64_t week = 7 * 86'400;
constexpr size_t feed_files_max = 1000;
constexpr size_t feed_path_bytes_max = 4096;
constexpr size_t start_positions_max = 100;
constexpr double bar_seconds = 60;
constexpr double market_rise_max = 1000; // over its start; the fundamental price rises by 50

void read_feed(config_table feed, feed_config& out) {
  feed.allow({"kind", "files", "seed", "start_block", "price", "volatility_per_day",
              "trades_per_block", "depth"});
  feed.choose<feed_kind>(
    "kind", out.kind,
    {{"market", feed_kind::market}, {"events", feed_kind::events}, {"bars", feed_kind::bars}});
  feed.read("files", out.files, letters::path, feed_path_bytes_max, feed_files_max);
  feed.read("seed", out.seed, 0, UINT64_MAX);
  feed.read("start_block", out.start_block, 0, UINT64_MAX / 2);
  feed.read("price", out.price, 1e-30, 1e30);
  feed.read("volatility_per_day", out.volatility_per_day, 0, 2);
  feed.read("trades_per_block", out.trades_per_block, 0, 100);
  feed.read("depth", out.depth, 0, 1e30);
  const auto count
    = std::to_string(out.files.size()) + (out.files.size() == 1 ? " file" : " files");
  if (out.kind == feed_kind::market && !out.files.empty())
    feed.refuse("files", "no files with kind \"market\"", count);
  if (out.kind == feed_kind::events && out.files.size() != 1)
    feed.refuse("files", "exactly one file with kind \"events\"", count);
  if (out.kind == feed_kind::bars && out.files.empty())
    feed.refuse("files", "at least one file with kind \"bars\"", count);
  if (out.kind != feed_kind::market)
    for (const std::string_view key :
         {"seed", "price", "volatility_per_day", "trades_per_block", "depth"})
      if (feed.has(key))
        feed.refuse(key, "this key only with kind \"market\"");
}

void read_pool(config_table pool, feed_kind kind, pool_terms& out) {
  pool.allow({"fee", "tick_spacing", "decimals0", "decimals1", "kind", "unstaked_fee"});
  if (kind == feed_kind::events)
    for (const std::string_view key : {"fee", "tick_spacing"})
      if (pool.has(key))
        pool.refuse(key, "only decimals0, decimals1, kind and unstaked_fee here", {},
                    "the recording itself states the fee and the tick spacing");
  pool.choose<pool_kind>("kind", out.kind,
                         {{"uniswap", pool_kind::uniswap}, {"slipstream", pool_kind::slipstream}});
  const bool slipstream = out.kind == pool_kind::slipstream;
  if (slipstream && kind == feed_kind::market)
    pool.refuse("kind", "\"uniswap\" with feed kind \"market\", whose pool is one",
                "\"slipstream\"");
  if (slipstream)
    out.unstaked_fee = slipstream_unstaked_fee;
  else if (pool.has("unstaked_fee"))
    pool.refuse("unstaked_fee", "this key only with kind = \"slipstream\"");
  pool.read("unstaked_fee", out.unstaked_fee, 0, 1'000'000);
  pool.read("fee", out.fee, 0, 999'999);
  pool.read("tick_spacing", out.tick_spacing, 1, 16'383);
  pool.read("decimals0", out.decimals0, 0, 36);
  pool.read("decimals1", out.decimals1, 0, 36);
}

void read_scoring(config_table scoring, score_terms& out) {
  scoring.allow({"return_cap", "penalty_rate", "range_floor", "range_share", "score_min",
                 "score_max", "range", "baseline", "excess_min"});
  scoring.read("return_cap", out.return_cap, 1e-9, 1e9);
  scoring.read("penalty_rate", out.penalty_rate, 0, 1000);
  scoring.read("range_floor", out.range_floor, 0, 1);
  scoring.read("range_share", out.range_share, 0, 1);
  scoring.read("score_min", out.score_min, -1e9, 0);
  scoring.read("score_max", out.score_max, 0, 1e9);
  scoring.choose<range_measure>("range", out.range,
                                {{"value", range_measure::value}, {"count", range_measure::count}});
  scoring.choose<score_baseline>("baseline", out.baseline,
                                 {{"none", score_baseline::none}, {"kept", score_baseline::kept}});
  scoring.read("excess_min", out.excess_min, 0, 1);
}

void read_board(config_table board, scoreboard_terms& out) {
  board.allow({"evaluation_alpha", "live_alpha", "evaluation_share", "eligibility_days", "trusted",
               "active_share", "evidence"});
  board.read("evaluation_alpha", out.evaluation_alpha, 0, 1);
  board.read("live_alpha", out.live_alpha, 0, 1);
  board.read("evaluation_share", out.evaluation_share, 0, 1);
  board.read("eligibility_days", out.eligibility_days, 0, 365);
  board.read("active_share", out.active_share, 0, 1);
  board.read("evidence", out.evidence, 0, 100);
  std::vector<std::string> trusted;
  board.read("trusted", trusted, letters::hotkey, 128, limits::miners_max);
  for (auto& key : trusted)
    out.trusted.push_back({std::move(key)});
}

/// With a recording of events the spacing is not known here: opening the feed checks alignment.
void read_positions(config_table& job, job_config& out) {
  for (auto& table : job.tables("start_positions", start_positions_max)) {
    table.allow({"tick_lower", "tick_upper", "liquidity"});
    table.require("tick_lower");
    table.require("tick_upper");
    table.require("liquidity");
    start_position position;
    table.read("tick_lower", position.tick_lower, min_tick, max_tick);
    table.read("tick_upper", position.tick_upper, min_tick, max_tick);
    table.read("liquidity", position.liquidity);
    const int32_t spacing = out.feed.kind == feed_kind::events ? 1 : out.terms.tick_spacing;
    const auto multiple = "a multiple of the tick spacing " + std::to_string(spacing);
    if (position.tick_lower % spacing != 0)
      table.refuse("tick_lower", multiple);
    if (position.tick_upper % spacing != 0)
      table.refuse("tick_upper", multiple);
    if (position.tick_lower >= position.tick_upper)
      table.refuse("tick_upper",
                   "a tick above tick_lower = " + std::to_string(position.tick_lower));
    if (position.liquidity == 0)
      table.refuse("liquidity", "more than 0");
    out.start_positions.push_back(position);
  }
}

void read_start(config_table& job, job_config& out) {
  if (auto start = job.table("start")) {
    start->allow({"amount0", "amount1"});
    start->read("amount0", out.start.amount0, u128_max);
    start->read("amount1", out.start.amount1, u128_max);
  }
  read_positions(job, out);
  if (out.start == inventory{} && out.start_positions.empty())
    job.refuse("start", "an amount0 or amount1 above 0, or start_positions",
               job.has("start") ? "nothing in it" : "nothing");
}

void read_rounds(config_table& job, job_config& out) {
  job.read("round_seconds", out.round_seconds, 1, week);
  if (out.feed.kind == feed_kind::bars)
    out.block_seconds = bar_seconds;
  job.read("block_seconds", out.block_seconds, 0.01, 86'400);
  if (out.feed.kind == feed_kind::bars && out.block_seconds != bar_seconds)
    job.refuse("block_seconds", "60 with feed kind \"bars\": a bar is a minute");
  job.read("checkpoint_blocks", out.checkpoint_blocks, 1, limits::checkpoint_blocks_max);
  job.read("live_checkpoint_blocks", out.live_checkpoint_blocks, 1, limits::checkpoint_blocks_max);
  job.read("reply_timeout_ms", out.reply_timeout_ms, 1, 3'600'000);
  job.read("opening_seconds", out.opening_seconds, 0, week);
  job.choose<live_fallback>("live_fallback", out.fallback,
                            {{"next", live_fallback::next}, {"skip", live_fallback::skip}});
  const double blocks = static_cast<double>(out.round_seconds) / out.block_seconds;
  if (blocks < 1)
    job.refuse("round_seconds", "at least one block of " + std::to_string(out.block_seconds) + " s",
               std::to_string(out.round_seconds));
  if (blocks > static_cast<double>(limits::round_blocks_max))
    job.refuse("round_seconds", "at most " + std::to_string(limits::round_blocks_max) + " blocks",
               std::to_string(out.round_seconds) + " s");
}

/// Does the vault begin with token0 alone, of which the smallest unit of token1 buys more at every
/// price that the market may come to? Then every score is score_min. What a recording's prices are
/// is not known here.
bool is_worth_nothing(const job_config& job) {
  if (job.feed.kind != feed_kind::market || !job.start_positions.empty()
      || !job.start.amount1.is_zero())
    return false;
  const int decimals = int{job.terms.decimals1} - int{job.terms.decimals0};
  const double highest = market_rise_max * job.feed.price * std::pow(10, decimals);
  return to_double(job.start.amount0) * highest < 1;
}

void check_start(config_table& job, const job_config& out) {
  if (job.fine() && is_worth_nothing(out))
    job.refuse("start", "an inventory that is worth at least one smallest unit of token1",
               "one that is worth nothing at any price of this market",
               "nobody could score more than scoring.score_min; raise amount0 or amount1");
}

} // namespace

job_config read_job(config_table job) {
  auto out = node_job();
  job.allow({"id",
             "vault",
             "pair_address",
             "chain_id",
             "target",
             "symbol0",
             "symbol1",
             "active",
             "model",
             "staked",
             "round_seconds",
             "block_seconds",
             "checkpoint_blocks",
             "live_checkpoint_blocks",
             "positions_max",
             "reply_timeout_ms",
             "opening_seconds",
             "live_fallback",
             "token1_value",
             "pool",
             "start",
             "start_positions",
             "scoring",
             "board",
             "feed"});
  job.require("id");
  job.read("id", out.id.value, letters::name, limits::job_id_bytes_max);
  job.read("vault", out.vault, letters::address, 42);
  job.read("pair_address", out.pair_address, letters::address, 42);
  job.read("chain_id", out.chain_id, 1, INT64_MAX);
  job.choose<std::string>("target", out.target, {{"PoL", "PoL"}});
  job.read("symbol0", out.symbol0, letters::token, 32);
  job.read("symbol1", out.symbol1, letters::token, 32);
  job.read("active", out.active);
  job.choose<pool_model>("model", out.model,
                         {{"observed", pool_model::observed}, {"replayed", pool_model::replayed}});
  job.read("staked", out.staked);
  job.read("positions_max", out.positions_max, 1, limits::positions_max);
  job.read("token1_value", out.token1_value, 0, 1e18);
  if (auto feed = job.table("feed"))
    read_feed(*feed, out.feed);
  if (auto pool = job.table("pool"))
    read_pool(*pool, out.feed.kind, out.terms);
  if (auto scoring = job.table("scoring"))
    read_scoring(*scoring, out.scoring);
  if (auto board = job.table("board"))
    read_board(*board, out.board);
  read_rounds(job, out);
  read_start(job, out);
  if (out.model == pool_model::replayed && out.feed.kind == feed_kind::bars)
    job.refuse("model", "\"observed\" with feed kind \"bars\", which has no pool to replay into");
  if (out.staked && out.feed.kind != feed_kind::events)
    job.refuse("staked", "false: only a recording of a Slipstream pool's events describes a gauge",
               "true");
  if (out.feed.kind == feed_kind::market)
    if (const auto why = market_fault(market_terms_of(out)); !why.empty())
      job.refuse("feed", "terms that make a market", "terms that do not: " + why);
  check_start(job, out);
  return out;
}

} // namespace sluice::io
