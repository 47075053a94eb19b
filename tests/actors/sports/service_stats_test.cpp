#include "actors/sports/service_stats.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(sports_service_stats, have_the_members_of_the_original) {
  EXPECT_EQ(validator_stats({"v"}, 7),
            R"({"is_running":true,"is_initialized":true,"current_block":7,"hotkey":"v"})");
  task_list tasks;
  task_view one;
  one.name = "sports.scoring";
  one.runs = 3;
  one.errors = 1;
  one.last_run_ms = 1500;
  one.last_error = "disk";
  one.avg_duration_s = 0.25;
  tasks.tasks = {one};
  EXPECT_EQ(task_stats_of(tasks), R"({"sports.scoring":{"runs":3,"errors":1,"last_run":1.5,)"
                                  R"("last_error":"disk","avg_duration":0.25}})");
  event_statistics events;
  events.by_type["weights_set"].processed = 2;
  events.queue_size = 1;
  EXPECT_EQ(event_stats_of(events),
            R"({"processed_events":{"weights_set":2},"processing_errors":{"weights_set":0},)"
            R"("recent_errors":[],"subscriber_count":{"weights_set":0},"queue_size":1,)"
            R"("published":0,"processed":0})");
  EXPECT_EQ(scoring_stats_of(100, 40, 120),
            R"({"blocks_since_scoring":60,"blocks_since_weights":0})");
  net::sports_connection_counts counts;
  counts.active = 2;
  counts.http_predictions = 5;
  const auto text = communication_stats(counts);
  EXPECT_NE(text.find(R"("http_fallbacks":5)"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("connected_miners":2)"), std::string::npos) << text;
}

} // namespace
} // namespace sluice
