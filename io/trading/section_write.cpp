#include "io/trading/section_write.hpp"

#include "io/trading/rows.hpp"
#include "rules/trading/name.hpp"

namespace sluice::io {

namespace {

const char* trading_kind_text(trading_feed_kind x) {
  switch (x) {
  case trading_feed_kind::file:
    return "file";
  case trading_feed_kind::taostats:
    return "taostats";
  case trading_feed_kind::taoapp:
    return "taoapp";
  case trading_feed_kind::world:
    break;
  }
  return "world";
}

void write_trading_indexer(toml_text& out, const trading_feed& x) {
  out.put("url", x.url);
  out.put("key_file", x.key_file);
  if (!x.ca_file.empty())
    out.put("ca_file", x.ca_file);
  if (x.kind == trading_feed_kind::taoapp)
    out.put("mapping", x.mapping == tao_mapping::in_is_tao ? "in_is_tao" : "by_direction");
  out.put("page_size", x.page_size);
  out.put("overlap_s", x.overlap_s);
  out.put("first_days", x.first_days);
  out.put("connect_ms", x.connect_ms);
  out.put("request_ms", x.request_ms);
  out.put("retries_max", x.retries_max);
  out.put("pages_max", x.pages_max);
  out.put("retry_after_s", x.retry_after_s);
  out.put("back_off_max_s", x.back_off_max_s);
}

void write_trading_feed(toml_text& out, const trading_feed& x) {
  out.put("name", x.name);
  out.put("kind", trading_kind_text(x.kind));
  switch (x.kind) {
  case trading_feed_kind::file:
    out.put("path", x.path);
    break;
  case trading_feed_kind::taostats:
  case trading_feed_kind::taoapp:
    write_trading_indexer(out, x);
    break;
  case trading_feed_kind::world:
    break;
  }
  out.put("cadence_s", x.cadence_s);
  out.put("strict", x.strict);
}

void write_trading_terms(toml_text& out, const std::string& at, const trading_settings& x) {
  out.section(at + ".ledger");
  out.put("dust_units", x.ledger.dust_units);
  out.put("min_hold_blocks", x.ledger.min_hold_blocks);
  out.put("block_seconds", x.ledger.block_seconds);
  out.put("over_close", x.ledger.rest == over_close::lenient ? "lenient" : "strict");
  out.section(at + ".score");
  out.put("policy",
          x.score.policy == weight_policy::proportional ? "proportional" : "legacy_minmax");
  out.put("value", x.score.value == score_value::pnl ? "pnl" : "roi");
  out.put("lookback_days", x.score.lookback_days);
  out.put("min_trades", x.score.min_trades);
  out.put("min_volume_rao", x.score.min_volume_rao);
  out.section(at + ".retention");
  out.put("retention_days", x.retention.retention_days);
  out.put("archive_after_days", x.retention.archive_after_days);
  out.put("snapshot_days", x.retention.snapshot_days);
}

void write_trading_limits(toml_text& out, const std::string& at, const trading_thresholds& x) {
  out.section(at + ".thresholds");
  out.put("pool_use", x.pool_use);
  out.put("query_s", x.query_s);
  out.put("failed_queries_per_hour", x.failed_queries_per_hour);
  out.put("cpu", x.cpu);
  out.put("memory", x.memory);
  out.put("disk", x.disk);
  out.put("open_files", x.open_files);
  out.put("failed_operations_per_hour", x.failed_operations_per_hour);
  out.put("snapshot_delay_s", x.snapshot_delay_s);
  out.put("processing_delay_s", x.processing_delay_s);
  out.put("recovery_attempts", x.recovery_attempts);
  out.put("recovery_cooldown_s", x.recovery_cooldown_s);
}

} // namespace

void write_trading_settings(toml_text& out, const trading_settings& x) {
  const std::string name{trading_name};
  out.section(name);
  if (!x.world_file.empty())
    out.put("world", x.world_file);
  if (x.now_us)
    out.put("now", iso_time(*x.now_us));
  out.put("score_every_s", x.score_every_s);
  out.put("snapshot_every_s", x.snapshot_every_s);
  out.put("world_seed", x.world_seed);
  if (!x.blacklist.empty())
    out.put("blacklist", x.blacklist);
  write_trading_terms(out, name, x);
  write_trading_limits(out, name, x.thresholds);
  for (const auto& feed : x.feeds) {
    out.element(name + ".feeds");
    write_trading_feed(out, feed);
  }
}

} // namespace sluice::io
