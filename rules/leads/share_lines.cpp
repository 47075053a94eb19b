#include "rules/leads/share_lines.hpp"

#include "rules/json_text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace sluice {

namespace {

constexpr size_t best_in_log = 5;
constexpr size_t best_in_table = 10;

std::string decimals_text(double x, int decimals) {
  std::array<char, 400> text{}; // a double has at most 309 digits before the point
  const int length = std::snprintf(text.data(), text.size(), "%.*f", decimals, x);
  return {text.data(), static_cast<size_t>(length)};
}

std::string found_line(size_t miners) {
  return "Found " + std::to_string(miners) + " miners";
}

std::string total_line(double total) {
  return "Total share: " + decimals_text(total, 6);
}

/// The best ones with their tallies, as the log has them.
void add_best(std::vector<std::string>& lines, const share_report& report) {
  lines.push_back("Top 5 miners by share:");
  const auto all = ranked(report.shares.weights_dict);
  for (size_t i = 0; i < std::min(all.size(), best_in_log); ++i) {
    const auto& [miner, share] = all[i];
    const auto tally = report.tallies.find(miner);
    const auto counted = tally == report.tallies.end() ? miner_tally{} : tally->second;
    lines.push_back("  " + miner.value + ": " + decimals_text(share, 4)
                    + " (curated: " + std::to_string(counted.curated)
                    + ", sourced: " + std::to_string(counted.sourced) + ")");
  }
}

miner_tally totals_of(const lead_tallies& tallies) {
  miner_tally all;
  for (const auto& row : tallies) {
    all.curated += row.second.curated;
    all.sourced += row.second.sourced;
  }
  return all;
}

} // namespace

std::string ranked_line(size_t rank, std::string_view hotkey, double share) {
  auto number = std::to_string(rank);
  number.insert(0, number.size() < 2 ? 2 - number.size() : 0, ' ');
  std::string line = number + ". ";
  line.append(hotkey).append(" ").append(decimals_text(share, 4));
  return line + " (" + decimals_text(share * 100, 2) + "%)";
}

std::vector<std::string> ranked_lines(const std::map<hotkey, double>& weights, size_t most) {
  std::vector<std::string> lines;
  for (const auto& [miner, share] : ranked(weights)) {
    if (lines.size() == most)
      break;
    lines.push_back(ranked_line(lines.size() + 1, miner.value, share));
  }
  return lines;
}

std::vector<std::string>
calculation_lines(const share_report& report, const leads_settings& settings, double seconds) {
  const auto from = log_time_text(report.window.start_us);
  const auto until = log_time_text(report.window.end_us);
  const auto documents = std::to_string(report.counts.documents);
  const auto miners = std::to_string(report.shares.stats.total_miners);
  const auto totals = totals_of(report.tallies);
  std::vector<std::string> lines{
    "Starting miner share calculation",
    "Configuration loaded for project: " + settings.project,
    "Will calculate shares for last " + std::to_string(settings.window_days) + " days",
    "Weights: Curated=" + json_text(settings.w_curated)
      + ", Sourced=" + json_text(settings.w_sourced),
    "Date range: " + from + " to " + until,
    "Querying curation_results from " + from + " to " + until,
    "Total documents retrieved: " + documents,
    "Found " + std::to_string(report.tallies.size()) + " unique miners",
    "Total curated: " + std::to_string(totals.curated),
    "Total sourced: " + std::to_string(totals.sourced),
    "Total weighted score: " + decimals_text(report.weighted_total, 6),
    "Calculation validation passed: " + miners
      + " miners, total share: " + decimals_text(report.shares.stats.total_share, 6),
    "Calculation completed in " + decimals_text(seconds, 2) + " seconds",
    "Final shares calculated for " + miners + " miners",
  };
  add_best(lines, report);
  return lines;
}

std::vector<std::string> skipped_lines(const lead_counts& counts) {
  if (counts.skipped_bad_timestamp == 0)
    return {};
  return {"Skipped " + std::to_string(counts.skipped_bad_timestamp)
          + " records without a usable time"};
}

std::vector<std::string> published_lines(const std::map<hotkey, double>& weights) {
  std::vector<std::string> lines{"Published new weights:"};
  for (auto& line : ranked_lines(weights))
    lines.push_back(std::move(line));
  lines.push_back(found_line(weights.size()));
  lines.push_back(total_line(stats_of(weights).total_share));
  return lines;
}

std::string trigger_line() {
  return "Triggering weight update after curated lead...";
}

std::string resume_line(bool published) {
  return published ? "Weights updated, resuming sourced lead review"
                   : "Weights not updated, resuming sourced lead review";
}

std::string timer_starting_line() {
  return "Scheduled weight update starting...";
}

std::string timer_completed_line() {
  return "Scheduled weight update completed";
}

std::vector<std::string> timer_retrying_lines(std::string_view why, uint64_t delay_s) {
  const bool minutes = delay_s >= 60 && delay_s % 60 == 0;
  return {
    "Error in scheduled weight update: " + std::string{why},
    "Retrying in "
      + (minutes ? std::to_string(delay_s / 60) + " minutes" : std::to_string(delay_s) + " seconds")
      + "..."};
}

std::vector<std::string> summary_lines(const share_report& report) {
  const auto& stats = report.shares.stats;
  if (report.status == share_status::no_data) {
    auto lines = skipped_lines(report.counts);
    lines.insert(lines.begin(), "No data: nobody has a share, nothing is published");
    return lines;
  }
  std::vector<std::string> lines{"Calculation completed successfully!",
                                 found_line(stats.total_miners), total_line(stats.total_share),
                                 "Top 10 miners by share:"};
  for (auto& line : ranked_lines(report.shares.weights_dict, best_in_table))
    lines.push_back(std::move(line));
  lines.push_back("Statistics:");
  lines.push_back("- Min share: " + decimals_text(stats.min_share, 6));
  lines.push_back("- Max share: " + decimals_text(stats.max_share, 6));
  lines.push_back("- Mean share: " + decimals_text(stats.mean_share, 6));
  lines.push_back("- Zero share miners: " + std::to_string(stats.zero_share_miners));
  for (auto& line : skipped_lines(report.counts))
    lines.push_back(std::move(line));
  return lines;
}

} // namespace sluice
