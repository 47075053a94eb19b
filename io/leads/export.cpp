#include "io/leads/export.hpp"

#include "io/leads/document.hpp"

#include <fmt/format.h>

namespace sluice::io {

namespace {

std::string csv_field(std::string text) {
  if (!text.empty() && std::string_view{"=+-@\t\r"}.find(text.front()) != std::string_view::npos)
    text.insert(0, 1, '\'');
  if (text.find_first_of(",\"\r\n") == std::string::npos)
    return text;
  std::string made = "\"";
  for (const char c : text) {
    made += c;
    if (c == '"')
      made += c;
  }
  return made + '"';
}

std::string time_field(const std::optional<int64_t>& us) {
  return us ? iso_text(*us) : std::string{};
}

std::string number_field(const std::optional<double>& x) {
  return x ? fmt::format("{}", *x) : std::string{};
}

json tally_json(const lead_tallies& tallies) {
  json made = json::object();
  for (const auto& [miner, tally] : tallies)
    made[miner.value] = {{"curated", tally.curated}, {"sourced", tally.sourced}};
  return made;
}

json weights_json(const std::map<hotkey, double>& weights) {
  json made = json::object();
  for (const auto& [miner, weight] : weights)
    made[miner.value] = weight;
  return made;
}

} // namespace

std::string csv_line(const std::vector<std::string>& fields) {
  std::string line;
  for (const auto& field : fields)
    line.append(line.empty() && &field == &fields.front() ? "" : ",").append(csv_field(field));
  return line + '\n';
}

std::string shares_csv(const share_report& report) {
  std::string text = csv_line({"rank", "hotkey", "share", "curated", "sourced"});
  size_t rank = 0;
  for (const auto& [miner, share] : ranked(report.shares.weights_dict)) {
    const auto at = report.tallies.find(miner);
    const auto tally = at == report.tallies.end() ? miner_tally{} : at->second;
    text += csv_line({std::to_string(++rank), miner.value, fmt::format("{:.12f}", share),
                      std::to_string(tally.curated), std::to_string(tally.sourced)});
  }
  return text;
}

std::string leads_csv_head() {
  return csv_line({"request_id", "place", "time", "source", "curated_by", "conversion_score",
                   "llm_score", "id", "owner_email", "business", "website", "industry",
                   "sub_industry", "region", "role", "first", "last", "owner_full_name",
                   "linkedin"});
}

std::string leads_csv(const curation_result& x) {
  std::string text;
  size_t place = 0;
  for (const auto& each : x.leads)
    text += csv_line({x.request_id, std::to_string(place++), time_field(time_of(each, x.timestamp)),
                      each.source, each.curated_by, number_field(each.conversion_score),
                      number_field(each.llm_score), each.id, each.owner_email, each.business,
                      each.website, each.industry, each.sub_industry, each.region, each.role,
                      each.first, each.last, each.owner_full_name, each.linkedin});
  return text;
}

json shares_json(const share_report& report) {
  const auto& stats = report.shares.stats;
  const auto& counts = report.counts;
  return {{"status", name_of(report.status)},
          {"window",
           {{"start", iso_text(report.window.start_us)}, {"end", iso_text(report.window.end_us)}}},
          {"counts",
           {{"documents", counts.documents},
            {"leads", counts.leads},
            {"used", counts.used},
            {"skipped_bad_timestamp", counts.skipped_bad_timestamp},
            {"out_of_window", counts.out_of_window},
            {"duplicates", counts.duplicates},
            {"incomplete", counts.incomplete}}},
          {"tally", tally_json(report.tallies)},
          {"weights_dict", weights_json(report.shares.weights_dict)},
          {"stats",
           {{"total_miners", stats.total_miners},
            {"total_share", stats.total_share},
            {"min_share", stats.min_share},
            {"max_share", stats.max_share},
            {"mean_share", stats.mean_share},
            {"zero_share_miners", stats.zero_share_miners}}},
          {"v2",
           {{"events", report.v2.events},
            {"W", weights_json(report.v2.weights)},
            {"E", weights_json(report.v2.paid)}}}};
}

} // namespace sluice::io
