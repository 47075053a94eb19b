#include "rules/events/event.hpp"

#include <gtest/gtest.h>

namespace sluice::test {
namespace {

struct goal_event {
  std::string team;
  uint64_t minute = 0;
  SLUICE_FIELDS(team, minute)
  bool operator==(const goal_event&) const = default;
};
struct other_event {
  uint64_t n = 0;
  SLUICE_FIELDS(n)
};
constexpr event_topic<goal_event> goals{"goal_scored"};
constexpr event_topic<other_event> others{"goal_scored"};

TEST(event_record_test, carries_data_of_the_type_of_its_topic) {
  const auto x = make_event(goals, {"north", 12}, "a test", 1'700'000'000'000);
  ASSERT_NE(data_of(x, goals), nullptr);
  EXPECT_EQ(*data_of(x, goals), (goal_event{"north", 12}));
  EXPECT_EQ(data_of(x, others), nullptr); // the same name, another type
  EXPECT_EQ(data_of(x, event_topic<goal_event>{"other"}), nullptr);
  const auto copy = x;
  EXPECT_EQ(data_of(copy, goals), data_of(x, goals)); // shared
}

TEST(event_record_test, is_shown_as_json) {
  EXPECT_EQ(json_of_event(make_event(goals, {"north", 12}, "a test", 5)),
            R"({"number":0,"type":"goal_scored","source":"a test","time_ms":5,)"
            R"("data":{"team":"north","minute":12}})");
  EXPECT_EQ(event_data{}.json(), "null");
  EXPECT_EQ(event_data{}.type(), nullptr);
}

TEST(event_record_test, a_list_for_people_has_the_newest_that_fit) {
  std::vector<event_record> all;
  size_t bytes = 0;
  for (uint64_t i = 1; i <= 5; ++i) {
    all.push_back(make_event(goals, {"north", i}, "test", i));
    all.back().number = i;
    bytes = json_of_event(all.back()).size(); // each has as many
  }
  EXPECT_EQ(json_of_events({}, 100), "[]");
  EXPECT_EQ(json_of_events(all, 2 * bytes),
            '[' + json_of_event(all[3]) + ',' + json_of_event(all[4]) + ']');
  EXPECT_EQ(json_of_events(all, 0), '[' + json_of_event(all[4]) + ']');
}

TEST(event_record_test, topics_have_names_of_small_letters) {
  for (const auto* good : {"a", "game_updated", "x9"})
    EXPECT_TRUE(is_topic_name(good)) << good;
  for (const auto& bad : {std::string{}, std::string{"Game"}, std::string{"a b"},
                          std::string{"a\n"}, std::string(65, 'a')})
    EXPECT_FALSE(is_topic_name(bad)) << bad;
  EXPECT_TRUE(is_topic_name(std::string(64, 'a')));
}

} // namespace
} // namespace sluice::test
