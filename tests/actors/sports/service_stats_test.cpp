// The shapes in which services state how they do.
#include "actors/sports/service_stats.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using namespace sluice;

TEST(sports_service_stats, have_a_task_under_its_name) {
  task_list x;
  task_view one;
  one.name = "sports.scoring";
  one.runs = 5;
  one.errors = 1;
  one.last_run_ms = 1'767'600'000'000;
  one.last_error = "no disk";
  one.avg_duration_s = 0.25;
  x.tasks.push_back(one);
  const auto json = nlohmann::json::parse(task_stats_json(x));
  const auto& task = json["sports.scoring"];
  EXPECT_EQ(task["runs"], 5);
  EXPECT_EQ(task["errors"], 1);
  EXPECT_EQ(task["last_run"], "2026-01-05T08:00:00+00:00");
  EXPECT_EQ(task["last_error"], "no disk");
  EXPECT_EQ(task["avg_duration"], 0.25);
}

TEST(sports_service_stats, count_events_by_type) {
  event_statistics x;
  x.published = 9;
  x.processed = 8;
  x.queue_size = 1;
  auto& one = x.by_type["scoring_complete"];
  one.processed = 8;
  one.errors = 2;
  one.subscribers = 3;
  x.by_type["weights_set"].processed = 0;
  x.recent_errors.push_back({7, "scoring_complete", "who", 1'767'600'000'000, "why"});
  const auto json = nlohmann::json::parse(event_stats_json(x));
  EXPECT_EQ(json["processed_events"]["scoring_complete"], 8);
  EXPECT_EQ(json["processing_errors"], (nlohmann::json{{"scoring_complete", 2}}));
  EXPECT_EQ(json["subscriber_count"]["scoring_complete"], 3);
  EXPECT_EQ(json["queue_size"], 1);
  EXPECT_EQ(json["recent_errors"][0]["error"], "why");
}

TEST(sports_service_stats, count_what_the_transport_sent) {
  net::sports_connection_counts x;
  x.active = 2;
  x.accepted = 5;
  x.refused = 1;
  x.replaced = 1;
  x.http_predictions = 4;
  x.game_updates_sent = 6;
  x.confirmations_sent = 7;
  const auto json = nlohmann::json::parse(connection_stats_json(x));
  EXPECT_EQ(json["connected_miners"], 2);
  EXPECT_EQ(json["connection_events"], 7);
  EXPECT_EQ(json["http_fallbacks"], 4);
  EXPECT_EQ(json["game_updates_sent"], 6);
  EXPECT_EQ(json["confirmations_sent"], 7);
}

} // namespace
