#include "rules/consensus/task_notices.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(task_notices, are_for_everybody_who_answered_a_task_that_has_ended) {
  task_record x;
  x.id = "t";
  x.best = miner_uid{2};
  x.responses.push_back({{1}, {"a"}, "x", 0, 0, {}, 0, 0.5, 0.15});
  x.responses.push_back({{2}, {"b"}, "y", 0, 0, {}, 1, 0.5, 0.85});
  const auto sent = [&x](task_state state) {
    task_changes changes;
    x.state = state;
    changes.tasks["t"] = x;
    changes.tasks["gone"] = std::nullopt;
    return notices_of(changes);
  };
  EXPECT_TRUE(sent(task_state::completed).empty());
  EXPECT_TRUE(sent(task_state::cancelled).empty());
  const auto made = sent(task_state::done);
  ASSERT_EQ(made.size(), 2U);
  EXPECT_EQ(made[0].first, hotkey{"a"});
  EXPECT_EQ(made[0].second, (task_notice{"t", "done", 0, 0.5, 0.15, false}));
  EXPECT_TRUE(made[1].second.best);
  EXPECT_EQ(sent(task_state::approved)[1].second.state, "approved");
}

} // namespace
} // namespace sluice
