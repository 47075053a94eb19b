#include "io/leads/section.hpp"

#include "rules/leads/calls.hpp"
#include "rules/leads/lead_strategy.hpp"
#include "rules/leads/node_settings.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace sluice::io {

namespace {

constexpr size_t name_bytes_max = 128;
constexpr size_t path_bytes_max = 4096;
constexpr size_t arguments_max = 64;
constexpr size_t retries_max = 16;
constexpr uint64_t day_s = 86'400;

void read_shares_of_leads(config_table& table, leads_settings& out) {
  table.read("project", out.project, config_table::letters::token, name_bytes_max);
  table.read("network", out.network, config_table::letters::token, name_bytes_max);
  table.read("window_days", out.window_days, 1, 3650);
  table.read("w_curated", out.w_curated, 0, 1);
  table.read("w_sourced", out.w_sourced, 0, 1);
  if (table.fine() && out.w_curated + out.w_sourced <= 0)
    table.refuse("w_curated", "w_curated or w_sourced above 0", "both 0");
  table.choose<share_policy>(
    "policy", out.policy,
    {{"ratio", share_policy::ratio}, {"raw", share_policy::raw}, {"v2", share_policy::v2}});
  table.read("k_miner", out.k_miner, config_table::letters::token, name_bytes_max);
  table.read("emission", out.emission, 1e-9, 1e18);
}

void read_times_of_leads(config_table& table, leads_settings& out) {
  table.read("interval_s", out.interval_s, 1, day_s);
  table.read("retry_s", out.retry_s, 1, day_s, retries_max);
  table.read("publish_bound_s", out.publish_bound_s, 1, 3600);
  table.read("miner_deadline_s", out.miner_deadline_s, 1, 600);
  table.read("fallback_polls", out.fallback_polls, 0, 1000);
  table.read("fallback_poll_s", out.fallback_poll_s, 1, 60);
  table.read("poll_batch", out.poll_batch, 1, 1000);
  table.read("idle_s", out.idle_s, 1, 3600);
  table.read("rank_command", out.rank_command, config_table::letters::any, path_bytes_max,
             arguments_max);
  table.read("rank_deadline_s", out.rank_deadline_s, 1, 600);
  table.read("disposable_domains", out.disposable_domains, config_table::letters::path,
             path_bytes_max);
}

void read_open_routes(config_table& table, std::vector<std::string>& out) {
  table.read("open_routes", out, config_table::letters::any, path_bytes_max, leads_paths.size());
  for (const auto& x : out)
    if (std::ranges::find(leads_paths, x) == leads_paths.end()) {
      std::string all;
      for (const auto path : leads_paths)
        all.append(all.empty() ? "" : " ").append(path);
      return table.refuse("open_routes", "paths out of " + all, '"' + x + '"');
    }
}

mechanism_settings read_leads(config_table& table) {
  leads_node_settings out;
  read_shares_of_leads(table, out.rules);
  read_times_of_leads(table, out.rules);
  read_open_routes(table, out.open_routes);
  if (auto world = table.table("world")) {
    world->allow({"seed", "start_s"});
    out.world.emplace();
    world->read("seed", out.world->seed, 0, UINT64_MAX);
    world->read("start_s", out.world->start_s, 0, 4'000'000'000);
  }
  return mechanism_settings::of(std::move(out));
}

void write_leads(toml_text& out, const mechanism_settings& x) {
  const auto& settings = *x.find<leads_node_settings>();
  const auto& rules = settings.rules;
  out.section(leads_name);
  out.put("project", rules.project);
  out.put("network", rules.network);
  out.put("window_days", rules.window_days);
  out.put("w_curated", rules.w_curated);
  out.put("w_sourced", rules.w_sourced);
  out.put("policy", name_of(rules.policy));
  if (!rules.k_miner.empty())
    out.put("k_miner", rules.k_miner);
  out.put("emission", rules.emission);
  out.put("interval_s", rules.interval_s);
  out.put("retry_s", rules.retry_s);
  out.put("publish_bound_s", rules.publish_bound_s);
  out.put("miner_deadline_s", rules.miner_deadline_s);
  out.put("fallback_polls", rules.fallback_polls);
  out.put("fallback_poll_s", rules.fallback_poll_s);
  out.put("poll_batch", rules.poll_batch);
  out.put("idle_s", rules.idle_s);
  out.put("rank_command", rules.rank_command);
  out.put("rank_deadline_s", rules.rank_deadline_s);
  if (!rules.disposable_domains.empty())
    out.put("disposable_domains", rules.disposable_domains);
  out.put("open_routes", settings.open_routes);
  if (!settings.world)
    return;
  out.section(std::string{leads_name} + ".world");
  out.put("seed", settings.world->seed);
  out.put("start_s", settings.world->start_s);
}

std::string summary_of_leads(const mechanism_settings& x) {
  const auto& settings = *x.find<leads_node_settings>();
  return "leads of " + std::to_string(settings.rules.window_days) + " days by "
         + std::string{name_of(settings.rules.policy)}
         + (settings.world ? ", of a seeded world" : "");
}

std::vector<named_input> inputs_of_leads(const mechanism_settings& x) {
  const auto& file = x.find<leads_node_settings>()->rules.disposable_domains;
  return file.empty() ? std::vector<named_input>{}
                      : std::vector<named_input>{{"leads: disposable_domains", file}};
}

void place_inputs_of_leads(mechanism_settings& x, const std::function<void(std::string&)>& place) {
  if (!x.find<leads_node_settings>()->rules.disposable_domains.empty())
    place(x.edit<leads_node_settings>().rules.disposable_domains);
}

std::string fault_of_lead_strategy(std::string_view strategy) {
  const auto read = parse_lead_strategy(strategy);
  return read ? "" : read.error().what;
}

} // namespace

mechanism_section leads_section() {
  mechanism_section x;
  x.name = leads_name;
  x.keys = {"project",
            "network",
            "window_days",
            "w_curated",
            "w_sourced",
            "policy",
            "k_miner",
            "emission",
            "interval_s",
            "retry_s",
            "publish_bound_s",
            "miner_deadline_s",
            "fallback_polls",
            "fallback_poll_s",
            "poll_batch",
            "idle_s",
            "rank_command",
            "rank_deadline_s",
            "disposable_domains",
            "open_routes",
            "world"};
  x.read = read_leads;
  x.write = write_leads;
  x.summary = summary_of_leads;
  x.inputs = inputs_of_leads;
  x.place_inputs = place_inputs_of_leads;
  x.strategy_fault = fault_of_lead_strategy;
  return x;
}

} // namespace sluice::io
