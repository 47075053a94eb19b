#include "actors/consensus/task_questions.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

open_assignment assignment(const std::string& id, const std::string& key = "m") {
  open_assignment x;
  x.key = {key};
  x.work.assignment_id = id;
  return x;
}

TEST(task_questions, are_asked_once_and_again_only_after_a_failure) {
  task_questions all;
  const auto first = all.begin(assignment("a"), {});
  EXPECT_NE(first, 0U);
  EXPECT_EQ(all.begin(assignment("a"), {}), 0U);
  EXPECT_EQ(all.size(), 1U);
  all.end(assignment("a"), first, false);
  const auto second = all.begin(assignment("a"), {});
  EXPECT_NE(second, 0U);
  all.end(assignment("a"), first, true); // its end has been seen
  EXPECT_EQ(all.size(), 1U);
  all.end(assignment("a"), second, true);
  all.end(assignment("a"), second, true);
  EXPECT_EQ(all.begin(assignment("a"), {}), 0U);
  EXPECT_EQ(all.size(), 0U);
}

TEST(task_questions, are_not_tried_for_ever) {
  task_questions all;
  for (size_t i = 0; i < task_questions::tries_max; ++i)
    all.end(assignment("a"), all.begin(assignment("a"), {}), false);
  EXPECT_EQ(all.begin(assignment("a"), {}), 0U);
  all.keep_only({assignment("a")});
  EXPECT_EQ(all.begin(assignment("a"), {}), 0U);
  all.keep_only({}); // the assignment is gone
  EXPECT_NE(all.begin(assignment("a"), {}), 0U);
}

TEST(task_questions, are_not_too_many_for_one_miner) {
  task_questions all;
  uint64_t first = 0;
  for (size_t i = 0; i < task_questions::open_max; ++i) {
    const auto number = all.begin(assignment(std::to_string(i)), {});
    EXPECT_NE(number, 0U);
    first = i == 0 ? number : first;
  }
  EXPECT_EQ(all.begin(assignment("one more"), {}), 0U);
  EXPECT_NE(all.begin(assignment("of another", "n"), {}), 0U);
  all.end(assignment("0"), first, true);
  EXPECT_NE(all.begin(assignment("one more"), {}), 0U);
}

TEST(task_round, ends_once_when_everything_is_closed) {
  int ended = 0;
  task_round round{2, [&ended](task_round& x) {
                     ++ended;
                     ASSERT_EQ(x.answers().size(), 1U);
                     EXPECT_EQ(x.answers()[0].second.result, "x");
                   }};
  round.close(1, assignment("b"), task_answer{"t", "x", 0});
  EXPECT_FALSE(round.is_open(1));
  EXPECT_EQ(ended, 0);
  round.close(0, assignment("a"), std::nullopt);
  EXPECT_EQ(ended, 1);
  task_round none{0, [&ended](task_round&) { ++ended; }};
  none.close_if_empty();
  EXPECT_EQ(ended, 2);
}

} // namespace
} // namespace sluice
