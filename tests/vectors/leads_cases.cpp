#include "io/leads/lead_file.hpp"
#include "rules/leads/share_lines.hpp"
#include "tests/vectors/leads_values.hpp"

#include <iostream>
#include <vector>

namespace sluice::vectors {

namespace {

/// What a case's files hold.
struct lead_case {
  json settings;
  std::vector<curation_result> documents;
};

lead_case read_lead_case(const std::filesystem::path& folder) {
  lead_case made;
  const auto take = [&](const io::lead_record& x) -> result<nothing> {
    if (const auto* settings = std::get_if<io::lead_file_settings>(&x.what))
      made.settings = json::parse(settings->value.dump());
    else if (const auto* document = std::get_if<curation_result>(&x.what))
      made.documents.push_back(*document);
    return nothing{};
  };
  const auto bad = [](const io::bad_lead_record& x) { std::cerr << x.reason << '\n'; };
  const auto read = io::read_lead_file((folder / "input.jsonl").string(), {}, take, bad);
  if (!read)
    throw std::runtime_error(read.error().what);
  if (made.settings.is_null())
    throw std::runtime_error(folder.string() + ": no record of kind settings");
  return made;
}

leads_settings settings_of(const json& x) {
  leads_settings made;
  made.window_days = x.at("window_days").get<uint64_t>();
  made.w_curated = x.at("w_curated").get<double>();
  made.w_sourced = x.at("w_sourced").get<double>();
  made.policy = policy_of(x.at("mode").get<std::string>());
  made.k_miner = x.at("k_miner").is_string() ? x.at("k_miner").get<std::string>() : "";
  made.emission = x.at("emission").get<double>();
  return made;
}

json counts_of(const lead_counts& x) {
  return {{"documents", x.documents},
          {"leads", x.leads},
          {"used", x.used},
          {"skipped_bad_timestamp", x.skipped_bad_timestamp},
          {"out_of_window", x.out_of_window},
          {"duplicates", x.duplicates},
          {"incomplete", x.incomplete}};
}

json tally_of(const lead_tallies& tallies) {
  auto made = json::object();
  for (const auto& [miner, tally] : tallies)
    made[miner.value] = {{"curated", tally.curated}, {"sourced", tally.sourced}};
  return made;
}

json publish_of(const mapped_shares& x) {
  return {{"action", x.skip.empty() ? "set" : "skip"},
          {"uids", x.uids},
          {"weights", x.weights},
          {"u16_uids", x.u16_uids},
          {"u16", x.u16},
          {"dropped", json_of_hotkeys(x.dropped)}};
}

json lead_case_result(const std::filesystem::path& folder) {
  const auto input = read_lead_case(folder);
  const auto settings = settings_of(input.settings);
  const auto now = unix_us(input.settings.at("now").get<std::string>());
  if (!now)
    throw std::runtime_error(folder.string() + ": now is no time");
  const auto window = window_of(*now, static_cast<double>(settings.window_days));
  lead_counter counter{window};
  for (const auto& document : input.documents)
    counter.add(document);
  const auto report = report_of(counter, window, settings, {});
  const auto other = settings.policy == share_policy::raw ? share_policy::ratio : share_policy::raw;
  const auto raw = shares_of(counter.tallies(), settings.w_curated, settings.w_sourced, other);
  const auto mapped
    = map_to_uids(report.shares.weights_dict, metagraph_of(input.settings.at("metagraph_hotkeys")));
  return {{"status", std::string{name_of(report.status)}},
          {"counts", counts_of(report.counts)},
          {"tally", tally_of(report.tallies)},
          {"weights_dict", json_of_weights(report.shares.weights_dict)},
          {"stats", json_of_stats(report.shares.stats)},
          {"raw_mode", json_of_weights(raw.weights_dict)},
          {"v2",
           {{"events", report.v2.events},
            {"W", json_of_weights(report.v2.weights)},
            {"E", json_of_weights(report.v2.paid)}}},
          {"publish", publish_of(mapped)},
          {"lines", ranked_lines(report.shares.weights_dict)}};
}

} // namespace

void add_leads_cases(case_readers& all) {
  all["leads"] = lead_case_result;
}

} // namespace sluice::vectors
