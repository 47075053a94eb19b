#include "io/consensus/section_write.hpp"

namespace sluice::io {

namespace {

void write_consensus_rules(toml_text& out, const consensus_settings& x) {
  out.put("policy", name_of(x.policy));
  out.put("min_validators", x.min_validators);
  out.put("window_s", x.window_s);
  out.put("max_conflict", x.max_conflict);
  out.put("vote_share", x.vote_share);
  out.put("high_confidence", x.high_confidence);
  out.put("validator_bonus", x.validator_bonus);
  out.put("validator_bonus_max", x.validator_bonus_max);
  out.put("eligible_confidence", x.eligible_confidence);
  out.put("boost", x.boost);
  out.put("fallback_s", x.fallback_s);
  out.put("validator_stale_s", x.validator_stale_s);
  out.put("active_s", x.active_s);
  out.put("cache_s", x.cache_s);
  out.put("availability", name_of(x.availability));
  out.put("availability_min", x.availability_min);
  out.put("default_performance", x.default_performance);
  out.put("default_load", x.default_load);
  out.put("default_capacity", x.default_capacity);
  out.put("stake_full", x.stake_full);
}

void write_report_terms(toml_text& out, const report_settings& x) {
  if (!x.report_key_file.empty())
    out.put("report_key_file", x.report_key_file);
  out.put("report_interval_s", x.report_interval_s);
  out.put("probe_timeout_ms", x.probe_timeout_ms);
  out.put("probes_at_once", x.probes_at_once);
  if (!x.ca_file.empty())
    out.put("ca_file", x.ca_file);
}

/// Every field of a struct whose fields are named as their keys.
template <class T>
void write_consensus_part(toml_text& out, std::string_view name, const T& x) {
  out.section(std::string{consensus_name} + '.' + std::string{name});
  for_each_field(x, [&](std::string_view key, const auto& value) { out.put(key, value); });
}

void write_report_lists(toml_text& out, const report_settings& x) {
  for (const auto& one : x.report_to) {
    out.element(std::string{consensus_name} + ".report_to");
    out.put("url", one.url);
    out.put("form", name_of(one.form));
    out.put("mode", name_of(one.mode));
    if (!one.key_file.empty())
      out.put("key_file", one.key_file);
  }
  for (const auto& one : x.axons) {
    out.element(std::string{consensus_name} + ".axons");
    out.put("hotkey", one.hotkey);
    out.put("at", one.at);
  }
}

} // namespace

void write_consensus_settings(toml_text& out, const consensus_node_settings& x) {
  out.section(consensus_name);
  write_consensus_rules(out, x.rules);
  write_report_terms(out, x.reporting);
  out.put("unproved_reports", x.unproved_reports);
  out.put("share_reports", x.share_reports);
  out.put("step_s", x.step_s);
  write_consensus_part(out, "confidence", x.rules.confidence);
  write_consensus_part(out, "weights", x.rules.weights);
  write_consensus_part(out, "health", x.rules.health);
  write_consensus_part(out, "tasks", x.rules.tasks);
  if (x.world)
    write_consensus_part(out, "world", *x.world);
  write_report_lists(out, x.reporting);
}

} // namespace sluice::io
