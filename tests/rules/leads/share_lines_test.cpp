#include "rules/leads/share_lines.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

constexpr const char* reference_hotkey = "5FEtvBzsh5Zc8nDyq4Jb2nZ7o6ZD2homYsKjbZtFj5tybqth";

/// One miner that curated and sourced one lead, as in the original's reference output.
share_report reference_report() {
  lead x;
  x.source = reference_hotkey;
  x.curated_by = reference_hotkey;
  x.created_at = lead_time::of_text("2025-08-20T00:00:00Z");
  const auto window = window_of(*unix_us(std::string_view{"2025-08-24T06:01:59.470690Z"}), 30);
  lead_counter counter{window};
  counter.add({"r", {}, {x}});
  return report_of(counter, window, {}, {});
}

TEST(lead_share_lines, have_a_rank_of_two_places_and_fixed_decimals) {
  EXPECT_EQ(ranked_line(1, reference_hotkey, 1),
            " 1. 5FEtvBzsh5Zc8nDyq4Jb2nZ7o6ZD2homYsKjbZtFj5tybqth 1.0000 (100.00%)");
  EXPECT_EQ(ranked_line(12, "A", 0.24137), "12. A 0.2414 (24.14%)");
  EXPECT_EQ(ranked_line(123, "A", 0), "123. A 0.0000 (0.00%)");
}

TEST(lead_share_lines, log_a_calculation_in_the_order_of_the_contract) {
  leads_settings settings;
  settings.project = "neat-coast-467216-a6";
  EXPECT_EQ(calculation_lines(reference_report(), settings, 0.97),
            (std::vector<std::string>{
              "Starting miner share calculation",
              "Configuration loaded for project: neat-coast-467216-a6",
              "Will calculate shares for last 30 days",
              "Weights: Curated=0.6, Sourced=0.4",
              "Date range: 2025-07-25 06:01:59.470690+00:00 to 2025-08-24 06:01:59.470690+00:00",
              "Querying curation_results from 2025-07-25 06:01:59.470690+00:00 to 2025-08-24 "
              "06:01:59.470690+00:00",
              "Total documents retrieved: 1",
              "Found 1 unique miners",
              "Total curated: 1",
              "Total sourced: 1",
              "Total weighted score: 1.000000",
              "Calculation validation passed: 1 miners, total share: 1.000000",
              "Calculation completed in 0.97 seconds",
              "Final shares calculated for 1 miners",
              "Top 5 miners by share:",
              "  5FEtvBzsh5Zc8nDyq4Jb2nZ7o6ZD2homYsKjbZtFj5tybqth: 1.0000 (curated: 1, sourced: 1)",
            }));
}

TEST(lead_share_lines, log_five_miners_and_list_ten) {
  share_report report;
  report.status = share_status::ok;
  for (int i = 0; i < 12; ++i)
    report.shares.weights_dict[{"m" + std::to_string(10 + i)}] = 1.0 / 12;
  report.shares.stats = stats_of(report.shares.weights_dict);
  const auto log = calculation_lines(report, {}, 1);
  EXPECT_EQ(log.size(), 15U + 5U);
  EXPECT_EQ(log.back(), "  m14: 0.0833 (curated: 0, sourced: 0)");
  const auto table = summary_lines(report);
  EXPECT_EQ(table[3], "Top 10 miners by share:");
  EXPECT_EQ(table[13], "10. m19 0.0833 (8.33%)");
  EXPECT_EQ(table[14], "Statistics:");
}

TEST(lead_share_lines, state_success_number_and_total_after_a_publish) {
  EXPECT_EQ(
    published_lines({{{"A"}, 0.25}, {{"B"}, 0.75}}),
    (std::vector<std::string>{"Published new weights:", " 1. B 0.7500 (75.00%)",
                              " 2. A 0.2500 (25.00%)", "Found 2 miners", "Total share: 1.000000"}));
}

TEST(lead_share_lines, show_the_table_with_statistics_and_what_was_skipped) {
  auto report = reference_report();
  report.counts.skipped_bad_timestamp = 3;
  EXPECT_EQ(
    summary_lines(report),
    (std::vector<std::string>{
      "Calculation completed successfully!", "Found 1 miners", "Total share: 1.000000",
      "Top 10 miners by share:",
      " 1. 5FEtvBzsh5Zc8nDyq4Jb2nZ7o6ZD2homYsKjbZtFj5tybqth 1.0000 (100.00%)",
      "Statistics:", "- Min share: 1.000000", "- Max share: 1.000000", "- Mean share: 1.000000",
      "- Zero share miners: 0", "Skipped 3 records without a usable time"}));
  share_report empty;
  empty.counts.skipped_bad_timestamp = 2;
  EXPECT_EQ(summary_lines(empty),
            (std::vector<std::string>{"No data: nobody has a share, nothing is published",
                                      "Skipped 2 records without a usable time"}));
}

TEST(lead_share_lines, report_the_timer_and_the_curated_trigger) {
  EXPECT_EQ(timer_starting_line(), "Scheduled weight update starting...");
  EXPECT_EQ(timer_completed_line(), "Scheduled weight update completed");
  EXPECT_EQ(timer_retrying_lines("the chain is away", 600),
            (std::vector<std::string>{"Error in scheduled weight update: the chain is away",
                                      "Retrying in 10 minutes..."}));
  EXPECT_EQ(timer_retrying_lines("x", 45)[1], "Retrying in 45 seconds...");
  EXPECT_EQ(trigger_line(), "Triggering weight update after curated lead...");
  EXPECT_EQ(resume_line(true), "Weights updated, resuming sourced lead review");
  EXPECT_EQ(resume_line(false), "Weights not updated, resuming sourced lead review");
}

} // namespace
} // namespace sluice
