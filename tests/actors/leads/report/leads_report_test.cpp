#include "actors/leads/report/leads_report.hpp"
#include "rules/leads/node_settings.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace sluice::report {
namespace {

step_report reported_step(bool data = true) {
  lead_step step;
  step.requests = 2;
  step.delivered = 1;
  step.leads = 3;
  step.intake.prospects = 5;
  step.intake.counts.by_verdict[0] = 4;
  step.documents = 9;
  step.attempt = 6;
  step.trigger = publish_trigger::curated;
  auto shares = std::make_shared<share_report>();
  if (data) {
    shares->status = share_status::ok;
    shares->shares.weights_dict = {{{"a"}, 0.75}, {{"b"}, 0.25}, {{"c"}, 0.0}};
    shares->shares.stats = stats_of(shares->shares.weights_dict);
  }
  return {std::string{leads_name}, step_outcome::played, false, "",
          std::make_shared<const leads_detail>(step, shares)};
}

TEST(leads_report, is_a_line_per_step) {
  leads_report report;
  const auto step = reported_step();
  report.take(step);
  EXPECT_EQ(report.step_lines(step),
            "leads requests=2 delivered=1 leads=3 prospects=5 accepted=4 documents=9 miners=3 "
            "status=ok attempt=6 trigger=curated shares=a:0.7500,b:0.2500\n");
  EXPECT_EQ(report.summary_lines(), "leads_total requests=2 delivered=1 leads=3 miners=3\n");
}

TEST(leads_report, has_the_words_of_the_original_for_people) {
  leads_report report;
  const auto step = reported_step();
  report.take(step);
  const auto text = report.draw_step(step, {100, false, charset::utf8});
  for (const auto* part :
       {"leads  2 requests  3 leads delivered  4 of 5 prospects taken", " 1. a 0.7500 (75.00%)\n",
        " 2. b 0.2500 (25.00%)\n", "Found 3 miners\n", "Total share: 1.000000\n"})
    EXPECT_NE(text.find(part), std::string::npos) << text;
  EXPECT_NE(report.draw_summary({100, false, charset::utf8}).find("Found 3 miners"),
            std::string::npos);
}

TEST(leads_report, states_that_there_is_no_data) {
  leads_report report;
  const auto step = reported_step(false);
  report.take(step);
  EXPECT_NE(report.step_lines(step).find("status=no_data"), std::string::npos);
  EXPECT_NE(report.draw_step(step, {100, false, charset::utf8}).find("no data: nobody has a share"),
            std::string::npos);
}

TEST(leads_report, is_an_event_for_programs) {
  leads_report report;
  const auto step = reported_step();
  report.take(step);
  const auto text = report.step_json(12, step, {});
  ASSERT_EQ(text.back(), '\n');
  const auto x = nlohmann::json::parse(text);
  EXPECT_EQ(x["event"], "leads");
  EXPECT_EQ(x["lap"], 12);
  EXPECT_EQ(x["shares"]["a"], 0.75);
  EXPECT_EQ(x["intake"]["accepted"], 4);
  EXPECT_EQ(x["trigger"], "curated");
  json end;
  report.add_to_summary(end);
  EXPECT_EQ(end["leads"]["delivered"], 1);
}

TEST(leads_report, shows_nothing_of_a_step_in_which_it_paused) {
  const leads_report report;
  const step_report paused{std::string{leads_name}, step_outcome::paused, false, "", nullptr};
  EXPECT_EQ(report.step_lines(paused), "");
  EXPECT_EQ(report.step_json(1, paused, {}), "");
  EXPECT_EQ(report.draw_step(paused, {}), "");
}

} // namespace
} // namespace sluice::report
