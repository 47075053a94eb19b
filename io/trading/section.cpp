#include "io/trading/section.hpp"

#include "io/trading/rows.hpp"
#include "io/trading/section_write.hpp"
#include "rules/trading/config.hpp"
#include "rules/trading/event.hpp"
#include "rules/trading/name.hpp"
#include "rules/trading/world.hpp"

#include <algorithm>
#include <set>

namespace sluice::io {

namespace {

using letters = config_table::letters;

constexpr size_t trading_feeds_max = 16;
constexpr size_t trading_path_bytes_max = 1024;
constexpr size_t trading_blacklist_max = 65'536;

void read_ledger(config_table table, lot_terms& out) {
  table.allow({"dust_units", "min_hold_blocks", "block_seconds", "over_close"});
  table.read("dust_units", out.dust_units, 0, 1'000'000'000);
  table.read("min_hold_blocks", out.min_hold_blocks, 0, 10'000'000);
  table.read("block_seconds", out.block_seconds, 1, 3600);
  table.choose<over_close>("over_close", out.rest,
                           {{"lenient", over_close::lenient}, {"strict", over_close::strict}});
}

void read_score(config_table table, trading_score_terms& out) {
  table.allow({"policy", "value", "lookback_days", "min_trades", "min_volume_rao"});
  table.choose<weight_policy>("policy", out.policy,
                              {{"proportional", weight_policy::proportional},
                               {"legacy_minmax", weight_policy::legacy_minmax}});
  table.choose<score_value>("value", out.value,
                            {{"pnl", score_value::pnl}, {"roi", score_value::roi}});
  table.read("lookback_days", out.lookback_days, 1, 3650);
  table.read("min_trades", out.min_trades, 0, 1'000'000'000);
  table.read("min_volume_rao", out.min_volume_rao, 0, INT64_MAX);
}

void read_retention(config_table table, trading_retention& out) {
  table.allow({"retention_days", "archive_after_days", "snapshot_days"});
  table.read("retention_days", out.retention_days, 1, 36'500);
  table.read("archive_after_days", out.archive_after_days, 1, 36'500);
  table.read("snapshot_days", out.snapshot_days, 1, 36'500);
}

void read_thresholds(config_table table, trading_thresholds& out) {
  table.allow({"pool_use", "query_s", "failed_queries_per_hour", "cpu", "memory", "disk",
               "open_files", "failed_operations_per_hour", "snapshot_delay_s", "processing_delay_s",
               "recovery_attempts", "recovery_cooldown_s"});
  table.read("pool_use", out.pool_use, 0, 1);
  table.read("query_s", out.query_s, 0, 86'400);
  table.read("failed_queries_per_hour", out.failed_queries_per_hour, 0, 1'000'000'000);
  table.read("cpu", out.cpu, 0, 1);
  table.read("memory", out.memory, 0, 1);
  table.read("disk", out.disk, 0, 1);
  table.read("open_files", out.open_files, 0, 1'000'000'000);
  table.read("failed_operations_per_hour", out.failed_operations_per_hour, 0, 1'000'000'000);
  table.read("snapshot_delay_s", out.snapshot_delay_s, 0, 31'536'000);
  table.read("processing_delay_s", out.processing_delay_s, 0, 31'536'000);
  table.read("recovery_attempts", out.recovery_attempts, 0, 1'000'000);
  table.read("recovery_cooldown_s", out.recovery_cooldown_s, 0, 31'536'000);
}

void read_feed_numbers(config_table& table, trading_feed& out) {
  table.read("page_size", out.page_size, 0, 1000);
  table.read("cadence_s", out.cadence_s, 1, 86'400);
  table.read("overlap_s", out.overlap_s, 0, 86'400);
  table.read("first_days", out.first_days, 1, 3650);
  table.read("connect_ms", out.connect_ms, 100, 600'000);
  table.read("request_ms", out.request_ms, 100, 600'000);
  table.read("retries_max", out.retries_max, 0, 100);
  table.read("pages_max", out.pages_max, 1, 100'000);
  table.read("retry_after_s", out.retry_after_s, 1, 86'400);
  table.read("back_off_max_s", out.back_off_max_s, 1, 86'400);
  table.read("strict", out.strict);
}

bool is_indexer(trading_feed_kind x) {
  return x == trading_feed_kind::taostats || x == trading_feed_kind::taoapp;
}

/// What belongs to another kind of feed is a mistake, not a wish that is ignored.
void check_feed(config_table& table, const trading_feed& x) {
  if (x.kind == trading_feed_kind::file) {
    table.require("path");
  } else if (table.has("path")) {
    table.refuse("path", "no file for a feed of this kind");
  }
  for (const std::string_view key : {"url", "key_file", "ca_file"})
    if (!is_indexer(x.kind) && table.has(key))
      table.refuse(key, "this key for the kinds taostats and taoapp only");
  if (is_indexer(x.kind)) {
    table.require("url");
    table.require("key_file");
    if (table.fine() && !x.url.starts_with("https://") && !x.url.starts_with("http://"))
      table.refuse("url", "https://HOST or http://HOST, without the path of a request");
  }
  if (x.kind != trading_feed_kind::taoapp && table.has("mapping"))
    table.refuse("mapping", "this key for the kind taoapp only");
}

trading_feed read_trading_feed(config_table& table) {
  table.allow({"name", "kind", "path", "url", "key_file", "ca_file", "mapping", "page_size",
               "cadence_s", "overlap_s", "first_days", "connect_ms", "request_ms", "retries_max",
               "pages_max", "retry_after_s", "back_off_max_s", "strict"});
  table.require("kind");
  trading_feed out;
  table.choose<trading_feed_kind>("kind", out.kind,
                                  {{"file", trading_feed_kind::file},
                                   {"taostats", trading_feed_kind::taostats},
                                   {"taoapp", trading_feed_kind::taoapp},
                                   {"world", trading_feed_kind::world}});
  table.require("name");
  table.read("name", out.name, letters::name, 32);
  table.read("path", out.path, letters::path, trading_path_bytes_max);
  table.read("url", out.url, letters::token, trading_path_bytes_max);
  table.read("key_file", out.key_file, letters::path, trading_path_bytes_max);
  table.read("ca_file", out.ca_file, letters::path, trading_path_bytes_max);
  table.choose<tao_mapping>(
    "mapping", out.mapping,
    {{"in_is_tao", tao_mapping::in_is_tao}, {"by_direction", tao_mapping::by_direction}});
  read_feed_numbers(table, out);
  if (table.fine())
    check_feed(table, out);
  return out;
}

void read_feeds(config_table& table, std::vector<trading_feed>& out) {
  table.require("feeds");
  auto tables = table.tables("feeds", trading_feeds_max);
  if (tables.empty())
    table.refuse("feeds", "at least one [[" + table.path_of("feeds") + "]]", "none");
  std::set<std::string> names;
  for (auto& one : tables) {
    auto feed = read_trading_feed(one);
    if (!table.fine())
      return;
    if (!names.insert(feed.name).second)
      one.refuse("name", "a name that no other feed has");
    if (feed.kind == trading_feed_kind::world && tables.size() > 1)
      one.refuse("kind", "a generated world as the only feed");
    out.push_back(std::move(feed));
  }
  if (!out.empty() && out.front().kind == trading_feed_kind::world && table.has("world"))
    table.refuse("world", "no file beside a feed of kind \"world\", which has its own miners");
}

void read_now(config_table& table, std::optional<int64_t>& out) {
  std::string text;
  table.read("now", text, letters::any, 40);
  if (text.empty() || !table.fine())
    return;
  const auto time = parse_iso_time(text);
  if (!time)
    return table.refuse("now", "a time as 2025-08-20T00:00:00Z");
  out = *time;
}

void read_blacklist(config_table& table, std::vector<std::string>& out) {
  table.read("blacklist", out, letters::hotkey, key_bytes, trading_blacklist_max);
  for (const auto& x : out)
    if (!looks_like_a_key(x))
      return table.refuse("blacklist", "hotkeys: addresses of 48 characters that begin with 5", x);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
}

mechanism_settings read_trading(config_table& table) {
  trading_settings out;
  read_feeds(table, out.feeds);
  table.read("world", out.world_file, letters::path, trading_path_bytes_max);
  read_now(table, out.now_us);
  table.read("score_every_s", out.score_every_s, 1, 604'800);
  table.read("snapshot_every_s", out.snapshot_every_s, 60, 31'536'000);
  table.read("world_seed", out.world_seed, 0, UINT64_MAX);
  read_blacklist(table, out.blacklist);
  if (auto part = table.table("ledger"))
    read_ledger(*part, out.ledger);
  if (auto part = table.table("score"))
    read_score(*part, out.score);
  if (auto part = table.table("retention"))
    read_retention(*part, out.retention);
  if (auto part = table.table("thresholds"))
    read_thresholds(*part, out.thresholds);
  return mechanism_settings::of(std::move(out));
}

void write_trading(toml_text& out, const mechanism_settings& x) {
  write_trading_settings(out, *x.find<trading_settings>());
}

std::string summary_of_trading(const mechanism_settings& x) {
  const auto count = x.find<trading_settings>()->feeds.size();
  return std::to_string(count) + (count == 1 ? " feed of stakes" : " feeds of stakes");
}

std::vector<named_input> trading_inputs(const mechanism_settings& x) {
  const auto& settings = *x.find<trading_settings>();
  std::vector<named_input> all;
  const auto add = [&all](const std::string& what, const std::string& path) {
    if (!path.empty())
      all.push_back({what, path});
  };
  add("trading: world file", settings.world_file);
  for (const auto& feed : settings.feeds) {
    add("trading feed " + feed.name + ": file", feed.path);
    add("trading feed " + feed.name + ": key file", feed.key_file);
    add("trading feed " + feed.name + ": CA file", feed.ca_file);
  }
  return all;
}

void place_trading_inputs(mechanism_settings& x, const std::function<void(std::string&)>& place) {
  auto& settings = x.edit<trading_settings>();
  place(settings.world_file);
  for (auto& feed : settings.feeds)
    for (auto* path : {&feed.path, &feed.key_file, &feed.ca_file})
      place(*path);
}

} // namespace

mechanism_section trading_section() {
  mechanism_section x;
  x.name = trading_name;
  x.keys = {"feeds",  "world", "now",       "score_every_s", "snapshot_every_s", "world_seed",
            "ledger", "score", "retention", "thresholds",    "blacklist"};
  x.read = read_trading;
  x.write = write_trading;
  x.summary = summary_of_trading;
  x.inputs = trading_inputs;
  x.place_inputs = place_trading_inputs;
  return x;
}

} // namespace sluice::io
