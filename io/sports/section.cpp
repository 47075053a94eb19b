#include "io/sports/section.hpp"

#include "io/sports/original_names.hpp"
#include "io/sports/section_write.hpp"
#include "rules/sports/league_miner.hpp"
#include "rules/sports/node_settings.hpp"

#include <array>
#include <span>
#include <string>
#include <tuple>
#include <utility>

namespace sluice::io {

namespace {

using letters = config_table::letters;

constexpr uint64_t sports_day_s = 86'400;
constexpr size_t sports_path_bytes_max = 1024;

/// All keys of [sports] itself; its tables behind them.
constexpr std::array<std::string_view, 24> sports_keys{"slots",
                                                       "daily_limit",
                                                       "wager_min",
                                                       "odds_tolerance",
                                                       "odds_stale_s",
                                                       "void_after_s",
                                                       "roi_days",
                                                       "roi_days_min",
                                                       "keep_days",
                                                       "rank_exponent",
                                                       "tier_step",
                                                       "blacklist_alpha",
                                                       "change_threshold",
                                                       "scoring_s",
                                                       "weights_s",
                                                       "scoring_blocks",
                                                       "weights_blocks",
                                                       "retry_blocks",
                                                       "step_s",
                                                       "composite",
                                                       "tiers",
                                                       "transport",
                                                       "feed",
                                                       "world"};

/// The keys of a table are the fields of what it is read into.
template <class T>
void allow_sports_fields(config_table& table) {
  T x;
  constexpr auto count = std::tuple_size_v<decltype(x.fields())>;
  const auto names = split_names<count>(T::field_list());
  table.allow(std::span<const std::string_view>{names});
}

/// An amount in units of money or odds, kept in billionths.
void read_amount(config_table& table, std::string_view key, nano& out, double least, double most) {
  auto x = double_of(out);
  if (!table.has(key))
    return;
  table.read(key, x, least, most);
  if (!table.fine())
    return;
  const auto exact = nano_of(x);
  if (exact)
    out = *exact;
  else
    table.refuse(key, exact.error().what);
}

void read_sports_rules(config_table& table, sports_settings& out) {
  constexpr double money_max = 1e9;
  table.read("slots", out.slots, 1, 1024);
  read_amount(table, "daily_limit", out.daily_limit, 1e-9, money_max);
  read_amount(table, "wager_min", out.wager_min, 0, money_max);
  if (table.fine() && out.wager_min >= out.daily_limit)
    table.refuse("wager_min", "less than daily_limit, " + text_of_nano(out.daily_limit));
  read_amount(table, "odds_tolerance", out.odds_tolerance, 0, 100);
  table.read("odds_stale_s", out.odds_stale_s, 0, 30 * sports_day_s);
  table.read("void_after_s", out.void_after_s, 1, 30 * sports_day_s);
  table.read("roi_days", out.roi_days, 1, 45);
  table.read("roi_days_min", out.roi_days_min, 1, 45);
  if (table.fine() && out.roi_days_min > out.roi_days)
    table.refuse("roi_days_min", "no more than roi_days, " + std::to_string(out.roi_days));
  table.read("keep_days", out.keep_days, 46, 3650);
  table.read("rank_exponent", out.rank_exponent, 0, 50);
  table.read("tier_step", out.tier_step, 0, 10);
  table.read("blacklist_alpha", out.blacklist_alpha, 0, 1);
  table.read("change_threshold", out.change_threshold, 0, 1);
  table.read("scoring_s", out.scoring_s, 1, sports_day_s);
  table.read("weights_s", out.weights_s, 1, 7 * sports_day_s);
  table.read("scoring_blocks", out.scoring_blocks, 0, 1'000'000);
  table.read("weights_blocks", out.weights_blocks, 0, 1'000'000);
  table.read("retry_blocks", out.retry_blocks, 0, 1'000'000);
}

void read_composite(config_table table, composite_terms& out) {
  allow_sports_fields<composite_terms>(table);
  table.read("clv", out.clv, 0, 1);
  table.read("roi", out.roi, 0, 1);
  table.read("risk", out.risk, 0, 1);
  table.read("entropy", out.entropy, 0, 1);
}

void read_tier(config_table table, tier_terms& out) {
  allow_sports_fields<tier_terms>(table);
  table.read("window_days", out.window_days, 1, 45);
  read_amount(table, "wagered_min", out.wagered_min, 0, 1e9);
  table.read("capacity_share", out.capacity_share, 0, 1);
  table.read("roi_rule", out.roi_rule);
}

/// [sports.tiers.1] to [sports.tiers.5]; what is not stated stays.
void read_tiers(config_table table, std::array<tier_terms, sports_tiers>& out) {
  table.allow({"1", "2", "3", "4", "5"});
  for (size_t i = 0; i < sports_tiers; ++i)
    if (auto one = table.table(std::to_string(i + 1)))
      read_tier(*one, out[i]);
}

void read_transport(config_table table, sports_transport& out) {
  allow_sports_fields<sports_transport>(table);
  table.read("websocket", out.websocket);
  table.read("http_fallback", out.http_fallback);
  table.read("websocket_heartbeat_s", out.websocket_heartbeat_s, 1, 3600);
  table.read("websocket_timeout_s", out.websocket_timeout_s, 2, sports_day_s);
  if (table.fine() && out.websocket_timeout_s <= out.websocket_heartbeat_s)
    table.refuse("websocket_timeout_s",
                 "more than websocket_heartbeat_s, " + std::to_string(out.websocket_heartbeat_s),
                 std::to_string(out.websocket_timeout_s),
                 "a miner that answers every heartbeat is not silent");
  table.read("freshness_s", out.freshness_s, 1, 3600);
  table.read("queue_max", out.queue_max, 1, 100'000);
  table.read("key_file", out.key_file, letters::path, sports_path_bytes_max);
}

void read_game_feed(config_table table, game_feed_settings& out) {
  allow_sports_fields<game_feed_settings>(table);
  table.read("url", out.url, letters::token, sports_path_bytes_max);
  if (table.fine() && !out.url.empty() && !out.url.starts_with("http://")
      && !out.url.starts_with("https://"))
    table.refuse("url", "http://HOST:PORT or https://HOST, without the path of the search");
  table.read("key_file", out.key_file, letters::path, sports_path_bytes_max);
  table.read("ca_file", out.ca_file, letters::path, sports_path_bytes_max);
  table.read("interval_s", out.interval_s, 1, sports_day_s);
  table.read("page_items", out.page_items, 1, 1000);
  table.read("lookback_days", out.lookback_days, 1, 365);
  table.read("timeout_ms", out.timeout_ms, 1, 600'000);
  table.read("retries", out.retries, 0, 10);
}

void read_sports_world(config_table table, sports_world& out) {
  allow_sports_fields<sports_world>(table);
  table.read("seed", out.seed, 0, UINT64_MAX);
  table.read("start_s", out.start_s, 0, 4'000'000'000);
  table.read("step_s", out.step_s, 60, sports_day_s);
  table.read("teams", out.teams, 2, 100);
  table.read("games_per_day", out.games_per_day, 1, 200);
  table.read("margin", out.margin, 0, 0.5);
}

mechanism_settings read_sports(config_table& table) {
  sports_node_settings out;
  read_sports_rules(table, out.rules);
  if (auto part = table.table("composite"))
    read_composite(*part, out.rules.composite);
  if (auto part = table.table("tiers"))
    read_tiers(*part, out.rules.tiers);
  if (auto part = table.table("transport"))
    read_transport(*part, out.transport);
  if (auto part = table.table("feed"))
    read_game_feed(*part, out.feed);
  table.read("step_s", out.step_s, 1, sports_day_s);
  if (auto part = table.table("world"))
    read_sports_world(*part, out.world.emplace());
  if (table.fine() && out.world && !out.feed.url.empty())
    table.refuse("world", "no [sports.feed] url beside it", "both",
                 "games are invented, or they come from a feed");
  return mechanism_settings::of(std::move(out));
}

void write_sports(toml_text& out, const mechanism_settings& x) {
  write_sports_settings(out, *x.find<sports_node_settings>());
}

std::string summary_of_sports(const mechanism_settings& x) {
  const auto& settings = *x.find<sports_node_settings>();
  if (settings.world)
    return "sports predictions of a league of " + std::to_string(settings.world->teams) + " teams";
  return "sports predictions on games "
         + (settings.feed.url.empty() ? "that are imported" : "of " + settings.feed.url);
}

/// Every file that is named, with what it is for.
template <class Settings, class Function>
void for_each_sports_file(Settings& x, Function f) {
  f("sports: transport.key_file", x.transport.key_file);
  f("sports: feed.key_file", x.feed.key_file);
  f("sports: feed.ca_file", x.feed.ca_file);
}

std::vector<named_input> inputs_of_sports(const mechanism_settings& x) {
  std::vector<named_input> all;
  for_each_sports_file(*x.find<sports_node_settings>(),
                       [&](const char* what, const std::string& file) {
                         if (!file.empty())
                           all.push_back({what, file});
                       });
  return all;
}

void place_inputs_of_sports(mechanism_settings& x, const std::function<void(std::string&)>& place) {
  for_each_sports_file(x.edit<sports_node_settings>(), [&](const char*, std::string& file) {
    if (!file.empty())
      place(file);
  });
}

std::string fault_of_league_miner(std::string_view strategy) {
  const auto read = parse_league_miner(strategy);
  return read ? "" : read.error().what;
}

} // namespace

mechanism_section sports_section() {
  mechanism_section x;
  x.name = sports_name;
  x.keys = {sports_keys.begin(), sports_keys.end()};
  x.read = read_sports;
  x.write = write_sports;
  x.summary = summary_of_sports;
  x.inputs = inputs_of_sports;
  x.place_inputs = place_inputs_of_sports;
  x.strategy_fault = fault_of_league_miner;
  x.original_names = sports_original_names();
  return x;
}

} // namespace sluice::io
