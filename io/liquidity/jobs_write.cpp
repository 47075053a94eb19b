#include "io/liquidity/jobs_write.hpp"

namespace sluice::io {
namespace {

void write_feed(toml_text& out, const std::string& at, const feed_config& feed) {
  out.section(at + "jobs.feed");
  switch (feed.kind) {
  case feed_kind::market:
    out.put("kind", "market");
    out.put("seed", feed.seed);
    out.put("price", feed.price);
    out.put("volatility_per_day", feed.volatility_per_day);
    out.put("trades_per_block", feed.trades_per_block);
    out.put("depth", feed.depth);
    break;
  case feed_kind::events:
  case feed_kind::bars:
    out.put("kind", feed.kind == feed_kind::events ? "events" : "bars");
    out.put("files", feed.files);
    break;
  }
  out.put("start_block", feed.start_block);
}

void write_capital(toml_text& out, const std::string& at, const job_config& job) {
  out.section(at + "jobs.pool");
  if (job.feed.kind != feed_kind::events) {
    out.put("fee", job.terms.fee);
    out.put("tick_spacing", job.terms.tick_spacing);
  }
  if (job.terms.kind == pool_kind::slipstream) {
    out.put("kind", "slipstream");
    out.put("unstaked_fee", job.terms.unstaked_fee);
  }
  out.put("decimals0", job.terms.decimals0);
  out.put("decimals1", job.terms.decimals1);
  out.section(at + "jobs.start");
  out.put("amount0", job.start.amount0);
  out.put("amount1", job.start.amount1);
  for (const auto& position : job.start_positions) {
    out.element(at + "jobs.start_positions");
    out.put("tick_lower", position.tick_lower);
    out.put("tick_upper", position.tick_upper);
    out.put("liquidity", u256{position.liquidity});
  }
}

/// `put` with `which` in view.
template <class T>
void put_newer(toml_text& out, newer_keys which, const char* key, const T& value,
               const T& unchanged, const auto& text_of) {
  if (which == newer_keys::all || value != unchanged)
    out.put(key, text_of(value));
}

constexpr auto as_it_is = [](const auto& x) { return x; };

const char* range_text(range_measure x) {
  return x == range_measure::value ? "value" : "count";
}

const char* baseline_text(score_baseline x) {
  return x == score_baseline::kept ? "kept" : "none";
}

const char* fallback_text(live_fallback x) {
  return x == live_fallback::next ? "next" : "skip";
}

void write_judgement(toml_text& out, const std::string& at, const job_config& job,
                     newer_keys which) {
  const auto plain = node_job();
  out.section(at + "jobs.scoring");
  out.put("return_cap", job.scoring.return_cap);
  out.put("penalty_rate", job.scoring.penalty_rate);
  out.put("range_floor", job.scoring.range_floor);
  out.put("range_share", job.scoring.range_share);
  out.put("score_min", job.scoring.score_min);
  out.put("score_max", job.scoring.score_max);
  put_newer(out, which, "range", job.scoring.range, plain.scoring.range, range_text);
  put_newer(out, which, "baseline", job.scoring.baseline, plain.scoring.baseline, baseline_text);
  put_newer(out, which, "excess_min", job.scoring.excess_min, plain.scoring.excess_min, as_it_is);
  out.section(at + "jobs.board");
  out.put("evaluation_alpha", job.board.evaluation_alpha);
  out.put("live_alpha", job.board.live_alpha);
  out.put("evaluation_share", job.board.evaluation_share);
  out.put("eligibility_days", job.board.eligibility_days);
  std::vector<std::string> trusted;
  for (const auto& key : job.board.trusted)
    trusted.push_back(key.value);
  out.put("trusted", trusted);
  put_newer(out, which, "active_share", job.board.active_share, plain.board.active_share, as_it_is);
  put_newer(out, which, "evidence", job.board.evidence, plain.board.evidence, as_it_is);
}

void write_job(toml_text& out, const std::string& at, const job_config& job, newer_keys which) {
  out.element(at + "jobs");
  out.put("id", job.id.value);
  if (!job.vault.empty())
    out.put("vault", job.vault);
  if (!job.pair_address.empty())
    out.put("pair_address", job.pair_address);
  out.put("chain_id", job.chain_id);
  out.put("target", job.target);
  out.put("symbol0", job.symbol0);
  out.put("symbol1", job.symbol1);
  out.put("active", job.active);
  out.put("model", job.model == pool_model::replayed ? "replayed" : "observed");
  if (job.staked) // as with a pool's kind: a configuration from before has the digest it had
    out.put("staked", true);
  out.put("round_seconds", job.round_seconds);
  out.put("block_seconds", job.block_seconds);
  out.put("checkpoint_blocks", job.checkpoint_blocks);
  out.put("live_checkpoint_blocks", job.live_checkpoint_blocks);
  out.put("positions_max", job.positions_max);
  out.put("reply_timeout_ms", job.reply_timeout_ms);
  const auto plain = node_job();
  put_newer(out, which, "opening_seconds", job.opening_seconds, plain.opening_seconds, as_it_is);
  put_newer(out, which, "live_fallback", job.fallback, plain.fallback, fallback_text);
  out.put("token1_value", job.token1_value);
  write_capital(out, at, job);
  write_judgement(out, at, job, which);
  write_feed(out, at, job.feed);
}

} // namespace

void write_rules(toml_text& out, const liquidity_settings& settings) {
  out.put("policy",
          settings.policy == score_policy::proportional ? "proportional" : "winner_per_job");
  out.put("simulators", settings.simulators);
}

void write_emission(toml_text& out, const std::string& at, const liquidity_settings& settings) {
  out.section(at + "emission");
  out.put("per_epoch", settings.emission.per_epoch);
  out.put("profit_ratio", settings.emission.profit_ratio);
  out.put("lookback_rounds", settings.emission.lookback_rounds);
}

void write_jobs(toml_text& out, const std::string& at, const liquidity_settings& settings,
                newer_keys which) {
  for (const auto& job : settings.jobs)
    write_job(out, at, job, which);
}

} // namespace sluice::io
