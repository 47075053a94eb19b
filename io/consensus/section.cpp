#include "io/consensus/section.hpp"

#include "io/consensus/section_write.hpp"
#include "rules/consensus/node_settings.hpp"
#include "rules/consensus/worker_strategy.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>

namespace sluice::io {

namespace {

using letters = config_table::letters;

constexpr uint64_t consensus_day_s = 86'400;
constexpr size_t consensus_path_bytes_max = 1024;
constexpr size_t report_axons_max = 65'536;

/// All keys of [consensus] itself; its tables behind them.
constexpr std::array<std::string_view, 35> consensus_keys{"policy",
                                                          "min_validators",
                                                          "window_s",
                                                          "max_conflict",
                                                          "vote_share",
                                                          "high_confidence",
                                                          "validator_bonus",
                                                          "validator_bonus_max",
                                                          "eligible_confidence",
                                                          "boost",
                                                          "fallback_s",
                                                          "validator_stale_s",
                                                          "active_s",
                                                          "cache_s",
                                                          "availability",
                                                          "availability_min",
                                                          "default_performance",
                                                          "default_load",
                                                          "default_capacity",
                                                          "stake_full",
                                                          "report_key_file",
                                                          "report_interval_s",
                                                          "probe_timeout_ms",
                                                          "probes_at_once",
                                                          "ca_file",
                                                          "unproved_reports",
                                                          "share_reports",
                                                          "step_s",
                                                          "confidence",
                                                          "weights",
                                                          "health",
                                                          "tasks",
                                                          "world",
                                                          "report_to",
                                                          "axons"};

/// The keys of a table are the fields of what it is read into.
template <class T>
void allow_fields(config_table& table) {
  T x;
  constexpr auto count = std::tuple_size_v<decltype(x.fields())>;
  const auto names = split_names<count>(T::field_list());
  table.allow(std::span<const std::string_view>{names});
}

void read_consensus_rules(config_table& table, consensus_settings& out) {
  table.choose<consensus_policy>(
    "policy", out.policy,
    {{"confidence", consensus_policy::confidence}, {"byzantine", consensus_policy::byzantine}});
  table.read("min_validators", out.min_validators, 1, 64);
  table.read("window_s", out.window_s, 1, consensus_day_s);
  table.read("max_conflict", out.max_conflict, 0, 1);
  table.read("vote_share", out.vote_share, 0, 1);
  table.read("high_confidence", out.high_confidence, 0, 1);
  table.read("validator_bonus", out.validator_bonus, 0, 1);
  table.read("validator_bonus_max", out.validator_bonus_max, 0, 1);
  table.read("eligible_confidence", out.eligible_confidence, 0, 1);
  table.read("boost", out.boost, 0, 1);
  table.read("fallback_s", out.fallback_s, 1, consensus_day_s);
  if (table.fine() && out.fallback_s < out.window_s)
    table.refuse("fallback_s", "no less than window_s, " + std::to_string(out.window_s),
                 std::to_string(out.fallback_s));
  table.read("validator_stale_s", out.validator_stale_s, 1, consensus_day_s);
  table.read("active_s", out.active_s, 1, consensus_day_s);
  table.read("cache_s", out.cache_s, 1, 3600);
  table.choose<availability_formula>(
    "availability", out.availability,
    {{"boosted", availability_formula::boosted}, {"full", availability_formula::full}});
  table.read("availability_min", out.availability_min, 0, 1);
  table.read("default_performance", out.default_performance, 0, 1);
  table.read("default_load", out.default_load, 0, 1e6);
  table.read("default_capacity", out.default_capacity, 0, 1e6);
  table.read("stake_full", out.stake_full, 1e-9, 1e9);
}

void read_confidence_terms(config_table table, confidence_terms& out) {
  allow_fields<confidence_terms>(table);
  table.read("missing", out.missing, 0, 1);
  table.read("present", out.present, 0, 1);
  table.read("fresh", out.fresh, 0, 1);
  table.read("recent", out.recent, 0, 1);
  table.read("lowest", out.lowest, 0, 1);
  table.read("fresh_s", out.fresh_s, 0, consensus_day_s);
  table.read("recent_s", out.recent_s, 0, consensus_day_s);
  if (table.fine() && out.recent_s < out.fresh_s)
    table.refuse("recent_s", "no less than fresh_s, " + std::to_string(out.fresh_s),
                 std::to_string(out.recent_s));
  table.read("future_s", out.future_s, 0, consensus_day_s);
}

void read_weight_terms(config_table table, weight_terms& out, const consensus_settings& rules) {
  allow_fields<weight_terms>(table);
  table.read("halving_s", out.halving_s, 0, consensus_day_s);
  table.read("stake", out.stake);
  table.read("reputation", out.reputation);
  table.read("rate", out.rate, 0, 1);
  table.read("tolerance", out.tolerance, 0, 1);
  table.read("lowest", out.lowest, 0, 1);
  table.read("evidence", out.evidence, 0, 1);
  table.read("vote_highest", out.vote_highest, 0, 1);
  table.read("conflict_lowest", out.conflict_lowest, 0, 1);
  if (table.fine() && out.reputation && out.vote_highest < rules.vote_share)
    table.refuse("vote_highest", "no less than vote_share");
  if (table.fine() && out.reputation && out.conflict_lowest > rules.max_conflict)
    table.refuse("conflict_lowest", "no more than max_conflict");
}

void read_health_terms(config_table table, health_terms& out) {
  allow_fields<health_terms>(table);
  table.read("coverage_min", out.coverage_min, 0, 1);
  table.read("participation_min", out.participation_min, 0, 1024);
  table.read("conflict_rate_max", out.conflict_rate_max, 0, 1);
  table.read("mean_confidence_min", out.mean_confidence_min, 0, 1);
}

void read_task_counts(config_table& table, consensus_task_terms& out) {
  table.read("max_miners", out.max_miners, 1, 16);
  table.read("required_miners", out.required_miners, 1, out.max_miners);
  table.read("min_miners", out.min_miners, 1, out.required_miners);
  table.read("open_max", out.open_max, 1, 100'000);
  table.read("client_open_max", out.client_open_max, 1, 100'000);
  table.read("ended_max", out.ended_max, 1, 1'000'000);
  table.read("max_retries", out.max_retries, 0, 100);
  table.read("batch", out.batch, 1, 10'000);
}

void read_task_terms(config_table table, consensus_task_terms& out) {
  allow_fields<consensus_task_terms>(table);
  constexpr uint64_t week_s = 7 * consensus_day_s;
  read_task_counts(table, out);
  table.read("distribute_s", out.distribute_s, 1, 3600);
  table.read("answer_s", out.answer_s, 1, consensus_day_s);
  table.read("settle_s", out.settle_s, 1, consensus_day_s);
  table.read("pending_s", out.pending_s, 0, week_s);
  table.read("retry_delay_s", out.retry_delay_s, 0, 3600);
  table.read("purge_s", out.purge_s, 60, 31'536'000);
  table.read("review_s", out.review_s, 0, week_s);
  table.read("poll_seen_s", out.poll_seen_s, 1, consensus_day_s);
  table.read("only_reachable", out.only_reachable);
  table.read("accuracy_weight", out.accuracy_weight, 0, 1);
  table.read("speed_weight", out.speed_weight, 0, 1);
  table.read("speed_full_s", out.speed_full_s, 1e-3, consensus_day_s);
  table.read("lone_accuracy", out.lone_accuracy, 0, 1);
  table.read("accepted_accuracy", out.accepted_accuracy, 0, 1);
  table.read("unseen_s", out.unseen_s, 1, week_s);
  table.read("scored_successes", out.scored_successes, 0, 1'000'000);
}

report_target read_report_target(config_table& table) {
  table.allow({"url", "form", "key_file", "mode"});
  table.require("url");
  report_target out;
  table.read("url", out.url, letters::token, consensus_path_bytes_max);
  if (table.fine() && !out.url.starts_with("http://") && !out.url.starts_with("https://"))
    table.refuse("url", "http://HOST:PORT or https://HOST, without the path of the route");
  table.choose<report_form>(
    "form", out.form, {{"original", report_form::original}, {"signed", report_form::signed_json}});
  table.choose<report_mode>("mode", out.mode,
                            {{"all", report_mode::all}, {"first", report_mode::first}});
  table.read("key_file", out.key_file, letters::path, consensus_path_bytes_max);
  if (table.fine() && out.form == report_form::original && out.key_file.empty())
    table.refuse("key_file", "a file with the API key that this proxy gave you", "none",
                 "form = \"signed\" needs none");
  return out;
}

void read_reporting(config_table& table, report_settings& out) {
  table.read("report_key_file", out.report_key_file, letters::path, consensus_path_bytes_max);
  table.read("report_interval_s", out.report_interval_s, 10, 300);
  table.read("probe_timeout_ms", out.probe_timeout_ms, 100, 30'000);
  table.read("probes_at_once", out.probes_at_once, 1, 256);
  table.read("ca_file", out.ca_file, letters::path, consensus_path_bytes_max);
  for (auto& one : table.tables("report_to", report_targets_max))
    out.report_to.push_back(read_report_target(one));
  for (auto& one : table.tables("axons", report_axons_max)) {
    one.allow({"hotkey", "at"});
    one.require("hotkey");
    one.require("at");
    report_axon axon;
    one.read("hotkey", axon.hotkey, letters::hotkey, 128);
    one.read("at", axon.at, letters::token, consensus_path_bytes_max);
    out.axons.push_back(std::move(axon));
  }
  const auto is_signed = [](const report_target& x) { return x.form == report_form::signed_json; };
  if (table.fine() && out.report_key_file.empty() && std::ranges::any_of(out.report_to, is_signed))
    table.refuse("report_key_file", "the key file of this validator's hotkey", "none",
                 "`sluice keys new FILE` makes one");
}

mechanism_settings read_consensus(config_table& table) {
  consensus_node_settings out;
  read_consensus_rules(table, out.rules);
  if (auto part = table.table("confidence"))
    read_confidence_terms(*part, out.rules.confidence);
  if (auto part = table.table("weights"))
    read_weight_terms(*part, out.rules.weights, out.rules);
  if (auto part = table.table("health"))
    read_health_terms(*part, out.rules.health);
  if (auto part = table.table("tasks"))
    read_task_terms(*part, out.rules.tasks);
  read_reporting(table, out.reporting);
  table.read("unproved_reports", out.unproved_reports);
  table.read("share_reports", out.share_reports);
  table.read("step_s", out.step_s, 1, consensus_day_s);
  if (auto world = table.table("world")) {
    world->allow({"seed", "start_s", "tasks"});
    out.world.emplace();
    world->read("seed", out.world->seed, 0, UINT64_MAX);
    world->read("start_s", out.world->start_s, 0, 4'000'000'000);
    world->read("tasks", out.world->tasks, 0, 1000);
  }
  return mechanism_settings::of(std::move(out));
}

void write_consensus(toml_text& out, const mechanism_settings& x) {
  write_consensus_settings(out, *x.find<consensus_node_settings>());
}

std::string summary_of_consensus(const mechanism_settings& x) {
  const auto& settings = *x.find<consensus_node_settings>();
  const auto targets = settings.reporting.report_to.size();
  return "consensus of " + std::to_string(settings.rules.min_validators) + " or more validators by "
         + std::string{name_of(settings.rules.policy)}
         + (targets > 0
              ? ", reports to " + std::to_string(targets) + (targets == 1 ? " proxy" : " proxies")
              : "")
         + (settings.world ? ", of a seeded world" : "");
}

/// Every file that is named, with what it is for.
template <class Settings, class Function>
void for_each_file(Settings& x, Function f) {
  f("consensus: report_key_file", x.reporting.report_key_file);
  f("consensus: ca_file", x.reporting.ca_file);
  for (auto& one : x.reporting.report_to)
    f("consensus: key_file", one.key_file);
}

std::vector<named_input> inputs_of_consensus(const mechanism_settings& x) {
  std::vector<named_input> all;
  for_each_file(*x.find<consensus_node_settings>(), [&](const char* what, const std::string& file) {
    if (!file.empty())
      all.push_back({what, file});
  });
  return all;
}

void place_inputs_of_consensus(mechanism_settings& x,
                               const std::function<void(std::string&)>& place) {
  for_each_file(x.edit<consensus_node_settings>(), [&](const char*, std::string& file) {
    if (!file.empty())
      place(file);
  });
}

std::string fault_of_worker_strategy(std::string_view strategy) {
  const auto read = parse_worker_strategy(strategy);
  return read ? "" : read.error().what;
}

} // namespace

mechanism_section consensus_section() {
  mechanism_section x;
  x.name = consensus_name;
  x.keys = {consensus_keys.begin(), consensus_keys.end()};
  x.read = read_consensus;
  x.write = write_consensus;
  x.summary = summary_of_consensus;
  x.inputs = inputs_of_consensus;
  x.place_inputs = place_inputs_of_consensus;
  x.strategy_fault = fault_of_worker_strategy;
  return x;
}

} // namespace sluice::io
