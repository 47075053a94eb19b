#include "actors/leads/admin_commands.hpp"
#include "actors/leads/explain.hpp"
#include "actors/leads/metrics.hpp"
#include "actors/leads/views.hpp"
#include "tests/support/leads_world.hpp"
#include "tools/leads/explain_text.hpp"

namespace sluice::test {
namespace {

namespace tables = storage::tables;
using views::json;

/// Curated: A 3, B 1. Sourced: B 2, C 2. The worked numbers of docs/leads.md.
class leads_views : public leads_test {
protected:
  leads_views() {
    store("r-1", {by("1", "B", "A"), by("2", "B", "A")}, now_ms - 2000);
    store("r-2", {by("3", "C", "A"), by("4", "C", "B")}, now_ms - 1000);
    lead_step step;
    step.time_us = static_cast<int64_t>(now_ms) * 1000;
    step.attempt = 1;
    step.documents = 2;
    storage::batch writes;
    tables::lead_steps.put(writes, 1, step);
    EXPECT_TRUE(disk->commit(writes));
  }

  static lead by(const std::string& id, std::string source, std::string curator) {
    auto x = some_lead(id);
    x.source = std::move(source);
    x.curated_by = std::move(curator);
    return x;
  }

  result<std::string> view(std::string_view name, std::vector<std::string> arguments = {}) {
    for (const auto& x : leads_admin_commands())
      if (x.name == name)
        return leads_view(*disk, {&x, std::move(arguments), false});
    return fault{ec::no_such_key, "no such command"};
  }
  json shown(std::string_view name, std::vector<std::string> arguments = {}) {
    const auto text = view(name, std::move(arguments));
    EXPECT_TRUE(text) << name << ": " << text.error().what;
    return text ? json::parse(*text) : json{};
  }
};

TEST_F(leads_views, answer_every_command_that_reads_the_disk) {
  for (const auto& x : leads_admin_commands())
    if (x.source == admin::command_source::disk) {
      EXPECT_TRUE(view(x.name, {"A"})) << x.name;
    }
}

TEST_F(leads_views, show_shares_by_rank) {
  const auto rows = shown("leads shares");
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0]["hotkey"], "A");
  EXPECT_NEAR(rows[0]["share"].get<double>(), 0.45, 1e-12);
  EXPECT_EQ(rows[0]["curated"], 3);
  EXPECT_EQ(rows[1]["hotkey"], "B");
  EXPECT_NEAR(rows[1]["share"].get<double>(), 0.35, 1e-12);
  EXPECT_EQ(rows[2]["sourced"], 2);
}

TEST_F(leads_views, explain_a_share_down_to_its_leads) {
  const auto x = shown("leads explain", {"B"});
  EXPECT_NEAR(x["share"].get<double>(), 0.35, 1e-12);
  EXPECT_EQ(x["rank"], 2);
  EXPECT_EQ(x["curated"], 1);
  EXPECT_EQ(x["sourced"], 2);
  EXPECT_EQ(x["terms"][0]["own"], x["curated"]);
  EXPECT_EQ(x["terms"][1]["own"], x["sourced"]);
  uint64_t curated = 0, sourced = 0;
  for (const auto& document : x["evidence"]) {
    curated += document["curated"].get<uint64_t>();
    sourced += document["sourced"].get<uint64_t>();
  }
  EXPECT_EQ(curated, 1U);
  EXPECT_EQ(sourced, 2U);
  const auto text = tools::lead_explain_text(x.dump(), {100, false, true});
  EXPECT_NE(text.find("B: share 0.35, rank 2 of 3, by policy ratio"), std::string::npos) << text;
  EXPECT_NE(text.find("score 0.35 of 1: share 0.35"), std::string::npos) << text;
  EXPECT_NE(text.find("3 of 3 leads that name it count"), std::string::npos) << text;
}

TEST_F(leads_views, name_the_nearest_hotkey_when_there_is_none_of_that_name) {
  const auto none = view("leads explain", {"AA"});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ec::no_such_key);
  EXPECT_NE(none.error().what.find("no lead names AA"), std::string::npos) << none.error().what;
}

TEST_F(leads_views, show_requests_newest_first_and_the_queue) {
  const auto rows = shown("leads requests");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0]["request"], "r-2");
  EXPECT_EQ(rows[0]["leads"], 2);
  EXPECT_EQ(rows[0]["curators"], (json{"A", "B"}));
  const auto queues = make_queues();
  call<queue_prospects_message, uint64_t>(
    queues, queue_prospects_call{{{"miner-1"}, "body"}, {some_lead("x")}});
  const auto waiting = shown("leads queue");
  ASSERT_EQ(waiting.size(), 1U);
  EXPECT_EQ(waiting[0]["queue"], "prospects");
  EXPECT_EQ(waiting[0]["from"], "miner-1");
}

TEST_F(leads_views, show_how_an_attempt_ended_before_anybody_noted_it) {
  lead_publish row;
  row.number = 1;
  row.epoch = 5;
  row.uids = {1};
  row.vector[{"A"}] = 1;
  publish_record weights;
  weights.epoch = {5};
  weights.status = publish_status::confirmed;
  weights.hash = "abc";
  storage::batch writes;
  tables::lead_publishes.put(writes, 1, row);
  ASSERT_TRUE(disk->commit(writes));
  EXPECT_EQ(shown("leads publishes")[0]["result"], "open");
  writes = {};
  tables::published.put(writes, {5}, weights);
  ASSERT_TRUE(disk->commit(writes));
  EXPECT_EQ(shown("leads publishes")[0]["result"], "done");
  EXPECT_EQ(shown("leads publishes")[0]["tx"], "abc");
  EXPECT_EQ(shown("leads")["last_publish"]["result"], "done");
}

TEST_F(leads_views, are_there_as_metrics) {
  metric_list list;
  add_lead_metrics(list, *disk);
  const auto all = list.take();
  const auto value = [&](const std::string& name) {
    for (const auto& x : all)
      if (x.name == name)
        return x.points.empty() ? -1 : x.points.front().value;
    return -2.0;
  };
  EXPECT_EQ(value("sluice_leads_results"), 2);
  EXPECT_EQ(value("sluice_leads_pool"), 0);
  EXPECT_EQ(value("sluice_leads_publish_failures"), 0);
  EXPECT_EQ(value("sluice_leads_intake_held"), 0);
}

} // namespace
} // namespace sluice::test
