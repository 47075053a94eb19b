#include "net/consensus/task_bodies.hpp"
#include "rules/consensus/name.hpp"
#include "tools/consensus/consensus_miner.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sstream>

namespace sluice::tools {
namespace {

class consensus_miner_test : public ::testing::Test {
protected:
  std::unique_ptr<miner_side> make(const std::string& strategy, bool once = false) {
    miner_side_config config;
    config.strategy = strategy;
    config.json = true;
    config.once = once;
    config.write = [this](std::string_view text) { shown += text; };
    auto made = make_consensus_miner(config);
    EXPECT_TRUE(made) << made.error().what;
    (*made)->welcome("node", {"5Me"}, {50});
    return *std::move(made);
  }

  static net::wire_question
  question(const std::string& body, std::string_view mechanism = consensus_name) {
    return {7, std::string{mechanism}, 30'000, {body, body_form::nested}};
  }

  std::vector<nlohmann::json> lines() const {
    std::vector<nlohmann::json> all;
    std::istringstream in{shown};
    for (std::string line; std::getline(in, line);)
      all.push_back(nlohmann::json::parse(line));
    return all;
  }

  const std::string task = net::task_question_body({"a", "t", "translation", "one two", 0}).text();
  std::string shown;
};

TEST_F(consensus_miner_test, does_its_tasks_and_shows_them) {
  const auto side = make("worker");
  const auto move = side->asked(question(task));
  ASSERT_TRUE(move && move->answer);
  EXPECT_EQ(move->answer->id, 7U);
  const auto answer = net::task_codec().answer(move->answer->body);
  ASSERT_TRUE(answer) << answer.error().what;
  EXPECT_EQ(net::task_answer_in(*answer)->result, "two one");
  const auto all = lines();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0]["event"], "welcome");
  EXPECT_EQ(all[1]["task_id"], "t");
  EXPECT_EQ(all[1]["deadline_ms"], 30'000);
  EXPECT_EQ(all[2]["event"], "answer");
}

TEST_F(consensus_miner_test, is_silent_where_its_strategy_is) {
  const auto side = make("silent");
  const auto move = side->asked(question(task));
  ASSERT_TRUE(move);
  EXPECT_FALSE(move->answer);
  EXPECT_FALSE(side->asked(question(task, "other"))->answer);
  EXPECT_FALSE(side->asked(question("{}")));
}

TEST_F(consensus_miner_test, is_over_once_a_task_has_ended) {
  const auto side = make("worker", true);
  EXPECT_FALSE(side->over());
  net::wire_notice notice;
  notice.mechanism = consensus_name;
  notice.body
    = {net::task_notice_body({"t", "done", 1, 0.9, 0.97, true}).text(), body_form::nested};
  ASSERT_TRUE(side->noticed(notice));
  EXPECT_EQ(side->over(), 0);
  EXPECT_EQ(lines().back()["best"], true);
  notice.body = {"[]", body_form::nested};
  EXPECT_FALSE(side->noticed(notice));
}

TEST(consensus_miner, refuses_a_strategy_that_is_none) {
  miner_side_config config;
  config.strategy = "pool:file";
  const auto made = make_consensus_miner(config);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ec::bad_input);
}

} // namespace
} // namespace sluice::tools
