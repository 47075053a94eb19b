#include "actors/consensus/admin_commands.hpp"
#include "actors/consensus/explain.hpp"
#include "actors/consensus/metrics.hpp"
#include "actors/consensus/views.hpp"
#include "tests/support/intake_world.hpp"
#include "tools/consensus/explain_text.hpp"

#include <algorithm>

namespace sluice::test {
namespace {

using views::json;

class consensus_views : public intake_test {
protected:
  json view(std::string_view name, std::vector<std::string> arguments = {}) {
    const auto all = consensus_admin_commands();
    const auto what = std::ranges::find(all, name, &admin::command::name);
    EXPECT_NE(what, all.end()) << name;
    const auto text = consensus_view(*disk, {&*what, std::move(arguments), false});
    EXPECT_TRUE(text) << text.error().what;
    return text ? json::parse(*text) : json{};
  }

  /// VIO-E2E-1 as far as it goes: is_serving in conflict, one field of four.
  void two_that_differ() {
    const auto intake = make_intake();
    ask<report_outcome>(intake, signed_by(0, 1, seed_item()));
    ask<report_outcome>(intake, signed_by(1, 1, seed_item(false)));
  }
};

TEST_F(consensus_views, show_an_empty_folder) {
  EXPECT_EQ(view("consensus")["miners"], 0);
  EXPECT_EQ(view("consensus miners"), json::array());
  EXPECT_EQ(view("consensus validators"), json::array());
  EXPECT_EQ(view("consensus conflicts")["fields"], json::array());
}

TEST_F(consensus_views, show_records_validators_and_conflicts) {
  two_that_differ();
  const auto all = view("consensus");
  EXPECT_EQ(all["agreed"], 1);
  EXPECT_EQ(all["active_validators"], 2);
  EXPECT_EQ(all["mean_confidence"], 0.95);
  EXPECT_EQ(all["checks"].size(), 4U);
  const auto miners = view("consensus miners");
  ASSERT_EQ(miners.size(), 1U);
  EXPECT_EQ(miners[0]["uid"], 49);
  EXPECT_EQ(miners[0]["hotkey"], "abc123");
  EXPECT_EQ(miners[0]["conflicts"], json{"is_serving"});
  EXPECT_EQ(view("consensus validators").size(), 2U);
  const auto conflicts = view("consensus conflicts");
  ASSERT_EQ(conflicts["fields"].size(), 1U);
  EXPECT_EQ(conflicts["fields"][0]["reported"], (json{"13: true", "14: false"}));
}

TEST_F(consensus_views, explain_a_record_with_the_arithmetic_of_its_confidence) {
  two_that_differ();
  const auto x = view("consensus show", {"49"});
  EXPECT_EQ(x, view("consensus show", {"abc123"}));
  EXPECT_EQ(x["confidence"]["mean_of_reports"], 1.0);
  EXPECT_EQ(x["confidence"]["bonus_of_validators"], 0.2);
  EXPECT_EQ(x["confidence"]["conflict_ratio"], 0.25);
  EXPECT_EQ(x["confidence"]["confidence"], 0.95);
  const auto field = std::find_if(x["fields"].begin(), x["fields"].end(),
                                  [](const json& one) { return one["field"] == "is_serving"; });
  ASSERT_NE(field, x["fields"].end());
  EXPECT_EQ((*field)["rule"], "vote");
  EXPECT_EQ((*field)["reports"].size(), 2U);
  const auto text = tools::consensus_explain_text(x.dump(), {120, false, true});
  EXPECT_NE(text.find("miner 49 (abc123): agreed"), std::string::npos) << text;
  EXPECT_NE(text.find("mean of the reports 1 + bonus of the validators 0.2 - conflict ratio 0.25 = "
                      "0.95"),
            std::string::npos)
    << text;
  EXPECT_NE(text.find("in conflict: "), std::string::npos) << text;
}

TEST_F(consensus_views, name_who_was_meant) {
  two_that_differ();
  const auto stored = read_stored_book(*disk);
  ASSERT_TRUE(stored);
  const auto none = explain_consensus(stored->book, "abc132", stored->status.now_ms);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ec::no_such_key);
  EXPECT_NE(none.error().what.find("did you mean abc123?"), std::string::npos);
}

TEST_F(consensus_views, are_counted_for_prometheus) {
  two_that_differ();
  metric_list list;
  add_consensus_metrics(list, *disk);
  const auto all = list.take();
  const auto metric = [&](const std::string& name) -> const net::metric& {
    const auto found = std::ranges::find(all, name, &net::metric::name);
    EXPECT_NE(found, all.end()) << name;
    return *found;
  };
  EXPECT_EQ(metric("sluice_consensus_reports_total").points.at(0).value, 2);
  EXPECT_EQ(metric("sluice_consensus_coverage").points.at(0).value, 1);
  EXPECT_EQ(metric("sluice_consensus_healthy").points.size(), 4U);
  EXPECT_EQ(metric("sluice_consensus_validator_reputation").points.size(), 2U);
  EXPECT_EQ(metric("sluice_consensus_tasks").points.size(), 7U);
  const auto& latency = metric("sluice_consensus_latency_seconds").points.at(0);
  EXPECT_EQ(latency.count, latency.at_most.back().second);
}

} // namespace
} // namespace sluice::test
