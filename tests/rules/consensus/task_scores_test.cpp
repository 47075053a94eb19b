#include "rules/consensus/task_scores.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

ranked_miner with_score(uint16_t uid, const std::string& key, double score, std::string why = "") {
  ranked_miner x;
  x.uid = {uid};
  x.key = {key};
  x.score = score;
  x.why = std::move(why);
  return x;
}

const std::vector<neuron> metagraph{{{1}, {"a"}, 0, false}, {{2}, {"b"}, 0, false}};

TEST(task_scores, belong_to_the_uid_that_a_hotkey_has_now) {
  const auto scores = task_scores({with_score(7, "b", 0.8), with_score(1, "a", 0.5)}, metagraph);
  ASSERT_TRUE(scores);
  EXPECT_EQ(*scores, (std::map<miner_uid, double>{{{1}, 0.5}, {{2}, 0.8}}));
}

TEST(task_scores, leave_out_who_has_none_or_is_gone) {
  const auto scores = task_scores(
    {with_score(1, "a", 0.5), with_score(2, "b", 0, "too few"), with_score(3, "gone", 1)},
    metagraph);
  ASSERT_TRUE(scores);
  EXPECT_EQ(*scores, (std::map<miner_uid, double>{{{1}, 0.5}}));
}

TEST(task_scores, state_why_there_are_none) {
  const auto why = [](const std::vector<ranked_miner>& x) {
    const auto scores = task_scores(x, metagraph);
    EXPECT_FALSE(scores);
    EXPECT_EQ(scores.error().code, ec::refused);
    return scores.error().what;
  };
  EXPECT_NE(why({}).find("validators have to report miners"), std::string::npos);
  EXPECT_NE(why({with_score(1, "a", 0, "needs 1 accepted answer, has 0")})
              .find("needs 1 accepted answer, has 0"),
            std::string::npos);
  EXPECT_NE(why({with_score(3, "gone", 1)}).find("none of their hotkeys is registered"),
            std::string::npos);
}

} // namespace
} // namespace sluice
