#include "io/config/config_write.hpp"

#include <charconv>
#include <concepts>
#include <cstdio>
#include <sstream>
#include <toml++/toml.h>
#include <utility>

namespace sluice::io {
namespace {

std::string quoted_toml(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<uint8_t>(c) < 0x20 || c == 0x7f) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
      out += escape;
    } else {
      out += c;
    }
  }
  return out + '"';
}

/// The shortest text that reads back as the same double, always with a point or an exponent.
std::string decimal_text(double x) {
  char text[40];
  const auto end = std::to_chars(text, text + sizeof text, x).ptr;
  std::string out{text, end};
  return out.find_first_of(".e") == std::string::npos ? out + ".0" : out;
}

class toml_text {
public:
  void section(std::string_view name) { out_ += "\n[" + std::string{name} + "]\n"; }
  void element(std::string_view name) { out_ += "\n[[" + std::string{name} + "]]\n"; }

  void put(std::string_view key, std::string_view text) { row(key, quoted_toml(text)); }
  void put(std::string_view key, const char* text) { put(key, std::string_view{text}); }
  void put(std::string_view key, const std::string& text) { put(key, std::string_view{text}); }
  void put(std::string_view key, bool x) { row(key, x ? "true" : "false"); }
  void put(std::string_view key, double x) { row(key, decimal_text(x)); }
  void put(std::string_view key, const u256& x) { row(key, '"' + to_string(x) + '"'); }
  template <std::integral T>
  void put(std::string_view key, T x) {
    // TOML's own integers end at 2^63 - 1.
    if (std::cmp_greater(x, INT64_MAX))
      row(key, '"' + std::to_string(x) + '"');
    else
      row(key, std::to_string(x));
  }
  void put(std::string_view key, const std::vector<std::string>& texts) {
    std::string list;
    for (const auto& text : texts)
      list += (list.empty() ? "" : ", ") + quoted_toml(text);
    row(key, '[' + list + ']');
  }
  void row(std::string_view key, std::string_view value) {
    out_ += key;
    out_ += " = ";
    out_ += value;
    out_ += '\n';
  }
  std::string take() && { return std::move(out_); }

private:
  std::string out_;
};

void write_subnet(toml_text& out, const node_config& config) {
  out.section("validator");
  out.put("hotkey", config.validator.value);

  out.section("chain");
  out.put("netuid", config.chain.netuid);
  out.put("tempo", config.chain.tempo);
  out.put("block_seconds", config.chain.block_seconds);
  out.put("min_allowed_weights", config.chain.min_allowed_weights);
  out.put("weights_rate_limit", config.chain.weights_rate_limit);
  out.put("weights_version_key", config.chain.weights_version_key);
  out.put("stake_min", config.chain.stake_min);
  out.put("blocks_per_lap", config.chain_blocks_per_lap);

  const auto& weights = config.weights;
  out.section("weights");
  std::string shares;
  for (const auto& [name, share] : weights.shares)
    shares += (shares.empty() ? "" : ", ") + quoted_toml(name) + " = " + decimal_text(share);
  out.row("shares", shares.empty() ? "{}" : "{ " + shares + " }");
  out.put("burn_uid", weights.burn_uid.value);
  out.put("sheet_age_epochs", weights.sheet_age_epochs);
  out.put("moved_max", weights.moved_max);
  out.put("uids_min", weights.uids_min);
  out.put("burn_max", weights.burn_max);
  out.put("version_key", weights.version_key);

  out.section("emission");
  out.put("per_epoch", config.emission.per_epoch);
  out.put("profit_ratio", config.emission.profit_ratio);
  out.put("lookback_rounds", config.emission.lookback_rounds);
}

void write_people(toml_text& out, const node_config& config) {
  for (const auto& one : config.neurons) {
    out.element("neurons");
    out.put("uid", one.uid.value);
    out.put("hotkey", one.key.value);
    out.put("stake", one.stake);
    out.put("permit", one.permit);
  }
  for (const auto& miner : config.miners) {
    out.element("miners");
    out.put("uid", miner.uid.value);
    out.put("hotkey", miner.key.value);
    out.put("strategy", miner.strategy);
  }
}

void write_pair(toml_text& out, const std::string& certificate, const std::string& key) {
  if (!certificate.empty())
    out.put("certificate", certificate);
  if (!key.empty())
    out.put("key", key);
}

/// Only what is open, so that a configuration from before has the text it had.
void write_network(toml_text& out, const network_settings& network) {
  const auto& [door, fleet, metrics] = network;
  if (!door.listen.empty()) {
    out.section("door");
    out.put("listen", door.listen);
    write_pair(out, door.certificate, door.key);
    for (const auto& one : door.allow) {
      out.element("door.allow");
      out.put("hotkey", one.key.value);
      if (!one.any_uid)
        out.put("uid", one.uid.value);
    }
  }
  if (!fleet.listen.empty()) {
    out.section("fleet");
    out.put("listen", fleet.listen);
    if (!fleet.ca.empty())
      out.put("ca", fleet.ca);
    write_pair(out, fleet.certificate, fleet.key);
    out.put("insecure", fleet.insecure);
    out.put("heartbeat_ms", fleet.heartbeat_ms);
    out.put("timeout_ms", fleet.timeout_ms);
  }
  if (!metrics.empty()) {
    out.section("metrics");
    out.put("listen", metrics);
  }
}

void write_feed(toml_text& out, const feed_config& feed) {
  out.section("jobs.feed");
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

void write_capital(toml_text& out, const job_config& job) {
  out.section("jobs.pool");
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
  out.section("jobs.start");
  out.put("amount0", job.start.amount0);
  out.put("amount1", job.start.amount1);
  for (const auto& position : job.start_positions) {
    out.element("jobs.start_positions");
    out.put("tick_lower", position.tick_lower);
    out.put("tick_upper", position.tick_upper);
    out.put("liquidity", u256{position.liquidity});
  }
}

void write_judgement(toml_text& out, const job_config& job) {
  out.section("jobs.scoring");
  out.put("return_cap", job.scoring.return_cap);
  out.put("penalty_rate", job.scoring.penalty_rate);
  out.put("range_floor", job.scoring.range_floor);
  out.put("range_share", job.scoring.range_share);
  out.put("score_min", job.scoring.score_min);
  out.put("score_max", job.scoring.score_max);
  out.section("jobs.board");
  out.put("evaluation_alpha", job.board.evaluation_alpha);
  out.put("live_alpha", job.board.live_alpha);
  out.put("evaluation_share", job.board.evaluation_share);
  out.put("eligibility_days", job.board.eligibility_days);
  std::vector<std::string> trusted;
  for (const auto& key : job.board.trusted)
    trusted.push_back(key.value);
  out.put("trusted", trusted);
}

void write_job(toml_text& out, const job_config& job) {
  out.element("jobs");
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
  out.put("token1_value", job.token1_value);
  write_capital(out, job);
  write_judgement(out, job);
  write_feed(out, job.feed);
}

} // namespace

std::string write_config(const node_config& config) {
  toml_text out;
  out.put("name", config.name);
  out.put("seed", config.seed);
  out.put("policy",
          config.policy == sheet_policy::proportional ? "proportional" : "winner_per_job");
  out.put("simulators", config.simulators);
  write_subnet(out, config);
  write_people(out, config);
  write_network(out, config.network);
  for (const auto& job : config.jobs)
    write_job(out, job);
  return std::move(out).take();
}

std::string write_scoring_config(const node_config& config) {
  auto scoring = config;
  scoring.network = {};
  return write_config(scoring);
}

std::string write_config_json(const node_config& config) {
  const auto table = toml::parse(write_config(config));
  std::ostringstream text;
  text << toml::json_formatter{table};
  return text.str();
}

} // namespace sluice::io
