#include "rules/consensus/task_work.hpp"
#include "rules/consensus/worker_strategy.hpp"

#include <gtest/gtest.h>

#include <set>

namespace sluice {
namespace {

task_question question(int number) {
  return {"a", "task-" + std::to_string(number), "translation", "one two", 0};
}

std::optional<task_answer>
answer_of(worker_strategy_kind kind, int number, const std::string& miner = "m") {
  return worker_answer({kind, 1}, {miner}, question(number));
}

TEST(worker_strategies, are_read_by_name) {
  for (size_t i = 0; i < worker_strategy_names.size(); ++i)
    EXPECT_EQ(parse_worker_strategy(worker_strategy_names[i])->kind,
              static_cast<worker_strategy_kind>(i));
  EXPECT_EQ(parse_worker_strategy("liar:seed=77")->seed, 77U);
  for (const auto* text : {"", "other", "worker:", "worker:seed=", "worker:seed=x", "slow:7"})
    EXPECT_FALSE(parse_worker_strategy(text)) << text;
  EXPECT_NE(parse_worker_strategy("x").error().what.find("worker, slow, lazy"), std::string::npos);
}

TEST(worker_strategies, do_what_their_names_say) {
  std::set<std::string> lies;
  int lazy = 0;
  for (int i = 0; i < 100; ++i) {
    const auto right = answer_of(worker_strategy_kind::worker, i);
    EXPECT_EQ(right->result, "two one");
    EXPECT_EQ(right->task_id, question(i).task_id);
    EXPECT_LT(right->processing_ms, 3000U);
    EXPECT_GE(answer_of(worker_strategy_kind::slow, i)->processing_ms, 24'000U);
    EXPECT_FALSE(answer_of(worker_strategy_kind::silent, i));
    lazy += answer_of(worker_strategy_kind::lazy, i) ? 1 : 0;
    lies.insert(answer_of(worker_strategy_kind::liar, i)->result);
    lies.insert(answer_of(worker_strategy_kind::liar, i, "other")->result);
    EXPECT_EQ(answer_of(worker_strategy_kind::lazy, i), answer_of(worker_strategy_kind::lazy, i));
  }
  EXPECT_GT(lazy, 25);
  EXPECT_LT(lazy, 75);
  EXPECT_EQ(lies.size(), 200U); // no two liars agree
  auto odd = question(1);
  odd.task_type = "cooking";
  EXPECT_FALSE(worker_answer({}, {"m"}, odd));
}

} // namespace
} // namespace sluice
