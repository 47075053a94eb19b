#include "io/liquidity/section.hpp"

#include "io/config/config_text.hpp"
#include "io/liquidity/config_jobs.hpp"
#include "io/liquidity/jobs_write.hpp"
#include "rules/limits.hpp"
#include "rules/liquidity/strategy.hpp"

#include <algorithm>
#include <set>

namespace sluice::io {
namespace {

void read_emission(config_table emission, emission_settings& out) {
  emission.allow({"per_epoch", "profit_ratio", "lookback_rounds"});
  emission.read("per_epoch", out.per_epoch, 1e-12, 1e18);
  emission.read("profit_ratio", out.profit_ratio, 0, 1);
  emission.read("lookback_rounds", out.lookback_rounds, 1, 1'000'000);
}

void read_jobs(config_table& table, std::vector<job_config>& out) {
  table.require("jobs");
  std::set<std::string> ids;
  auto tables = table.tables("jobs", limits::jobs_max);
  if (tables.empty())
    table.refuse("jobs", "at least one [[" + table.path_of("jobs") + "]]", "none");
  for (auto& one : tables) {
    auto job = read_job(one);
    if (!table.fine())
      return;
    if (!ids.insert(job.id.value).second)
      one.refuse("id", "an id that no other job has");
    out.push_back(std::move(job));
  }
}

mechanism_settings read_section(config_table& table) {
  liquidity_settings out;
  table.choose<score_policy>("policy", out.policy,
                             {{"winner_per_job", score_policy::winner_per_job},
                              {"proportional", score_policy::proportional}});
  table.read("simulators", out.simulators, 1, 256);
  if (auto emission = table.table("emission"))
    read_emission(*emission, out.emission);
  if (table.fine())
    read_jobs(table, out.jobs);
  return mechanism_settings::of(std::move(out));
}

const liquidity_settings& own(const mechanism_settings& x) {
  return *x.find<liquidity_settings>();
}

void write_section(toml_text& out, const mechanism_settings& x) {
  const auto& settings = own(x);
  const std::string name{liquidity_name};
  out.section(name);
  write_rules(out, settings);
  write_emission(out, name + '.', settings);
  write_jobs(out, name + '.', settings, newer_keys::all);
}

void write_place(toml_text& out, const mechanism_settings& x, section_place place) {
  switch (place) {
  case section_place::head:
    return write_rules(out, own(x));
  case section_place::tables:
    return write_emission(out, "", own(x));
  case section_place::end:
    return write_jobs(out, "", own(x), newer_keys::changed);
  }
}

size_t winners_max(const mechanism_settings& x, size_t miners) {
  return own(x).policy == score_policy::winner_per_job ? std::min(own(x).jobs.size(), miners)
                                                       : miners;
}

std::string summary(const mechanism_settings& x) {
  const auto count = own(x).jobs.size();
  return std::to_string(count) + (count == 1 ? " job" : " jobs");
}

std::vector<named_input> inputs(const mechanism_settings& x) {
  std::vector<named_input> all;
  for (const auto& job : own(x).jobs)
    for (const auto& file : job.feed.files)
      all.push_back({"job " + job.id.value + ": feed file", file});
  return all;
}

void place_inputs(mechanism_settings& x, const std::function<void(std::string&)>& place) {
  for (auto& job : x.edit<liquidity_settings>().jobs)
    for (auto& file : job.feed.files)
      place(file);
}

std::string strategy_fault(std::string_view strategy) {
  const auto parsed = parse_strategy(std::string{strategy});
  return parsed ? "" : parsed.error().what;
}

} // namespace

mechanism_section liquidity_section() {
  mechanism_section x;
  x.name = liquidity_name;
  x.keys = {"policy", "simulators", "emission", "jobs"};
  x.old_keys = x.keys;
  x.default_share = 1;
  x.read = read_section;
  x.write = write_section;
  x.write_place = write_place;
  x.winners_max = winners_max;
  x.summary = summary;
  x.inputs = inputs;
  x.place_inputs = place_inputs;
  x.strategy_fault = strategy_fault;
  return x;
}

result<std::vector<job_config>> parse_jobs(std::string_view text, const std::string& name) {
  return read_toml<std::vector<job_config>>(text, name, [](config_table root) {
    std::vector<job_config> out;
    const std::string name{liquidity_name};
    root.allow({"jobs", liquidity_name});
    if (auto table = root.table(name)) {
      table->allow({"jobs"});
      read_jobs(*table, out);
    } else {
      read_jobs(root, out);
    }
    return out;
  });
}

result<std::vector<job_config>> read_jobs_file(const std::string& path) {
  const auto text = config_text_of(path);
  if (!text)
    return text.error();
  auto jobs = parse_jobs(*text, path);
  if (jobs)
    for (auto& job : *jobs)
      for (auto& file : job.feed.files)
        place_beside(path, file);
  return jobs;
}

} // namespace sluice::io
