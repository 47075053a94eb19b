#include "rules/consensus/task_orders.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(task_orders, are_calls_of_an_administrator) {
  const auto submit = task_order_of("tasks submit", {"tts", "say this"});
  ASSERT_TRUE(submit);
  const auto& call = std::get<submit_task_call>(*submit);
  EXPECT_EQ(call.type, task_type::tts);
  EXPECT_EQ(call.payload, "say this");
  EXPECT_TRUE(call.caller.admin);
  const auto cancel = task_order_of("tasks cancel", {"t"});
  ASSERT_TRUE(cancel);
  EXPECT_EQ(std::get<cancel_task_call>(*cancel).task_id, "t");
  EXPECT_EQ(task_order_of("tasks submit", {"cook", "x"}).error().code, ec::bad_input);
  EXPECT_EQ(task_order_of("tasks other", {}).error().code, ec::refused);
}

TEST(task_orders, are_answered_by_json) {
  EXPECT_EQ(shown(submitted_task{"t", task_state::pending, true}),
            R"({"task":"t","state":"pending","is_new":true})");
  EXPECT_EQ(shown(changed_task{"t", task_state::cancelled, {}}),
            R"({"task":"t","state":"cancelled"})");
}

} // namespace
} // namespace sluice
