#include "rules/liquidity/job_change.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>

namespace sluice {
namespace {

/// One change of every setting that is frozen, and of some that are not.
const std::map<std::string, std::function<void(job_config&)>>& job_edits() {
  static const std::map<std::string, std::function<void(job_config&)>> all{
    {"round_seconds", [](auto& x) { x.round_seconds = 1800; }},
    {"block_seconds", [](auto& x) { x.block_seconds = 12; }},
    {"pool.kind", [](auto& x) { x.terms.kind = pool_kind::slipstream; }},
    {"pool.fee", [](auto& x) { x.terms.fee = 3000; }},
    {"pool.tick_spacing", [](auto& x) { x.terms.tick_spacing = 60; }},
    {"pool.unstaked_fee", [](auto& x) { x.terms.unstaked_fee = 7; }},
    {"pool.decimals0", [](auto& x) { x.terms.decimals0 = 8; }},
    {"pool.decimals1", [](auto& x) { x.terms.decimals1 = 9; }},
    {"feed.kind", [](auto& x) { x.feed.kind = feed_kind::bars; }},
    {"feed.seed", [](auto& x) { x.feed.seed = 77; }},
    {"feed.price", [](auto& x) { x.feed.price = 1.5; }},
    {"feed.volatility_per_day", [](auto& x) { x.feed.volatility_per_day = 0.5; }},
    {"feed.trades_per_block", [](auto& x) { x.feed.trades_per_block = 9; }},
    {"feed.depth", [](auto& x) { x.feed.depth = 1; }},
    {"board.evaluation_alpha", [](auto& x) { x.board.evaluation_alpha = 0.9; }},
    {"board.live_alpha", [](auto& x) { x.board.live_alpha = 0.9; }},
    {"board.evaluation_share", [](auto& x) { x.board.evaluation_share = 0.9; }},
    {"board.eligibility_days", [](auto& x) { x.board.eligibility_days = 3; }},
    {"board.trusted", [](auto& x) { x.board.trusted.push_back({"new"}); }},
    {"checkpoint_blocks", [](auto& x) { x.checkpoint_blocks = 7; }},
    {"scoring.penalty_rate", [](auto& x) { x.scoring.penalty_rate = 7; }},
    {"start.amount1", [](auto& x) { x.start.amount1 = u256{7}; }},
    {"feed.start_block", [](auto& x) { x.feed.start_block = 7; }},
    {"board.active_share", [](auto& x) { x.board.active_share = 0.1; }},
    {"reply_timeout_ms", [](auto& x) { x.reply_timeout_ms = 7; }},
  };
  return all;
}

TEST(job_change, what_is_frozen_is_found_when_it_differs_and_nothing_else) {
  const job_config was;
  EXPECT_TRUE(frozen_changes(was, was).empty());
  size_t frozen = 0;
  for (const auto& [key, edit] : job_edits()) {
    SCOPED_TRACE(key);
    auto is = was;
    edit(is);
    ASSERT_NE(is, was);
    const auto found = frozen_changes(was, is);
    EXPECT_EQ(found.size(), is_frozen(key) ? 1U : 0U);
    EXPECT_EQ(why_frozen(key).empty(), !is_frozen(key));
    EXPECT_NE(meaning_of_job_key(key), "");
    if (found.empty())
      continue;
    ++frozen;
    EXPECT_EQ(found.front().key, key);
    EXPECT_NE(found.front().was, found.front().is);
  }
  EXPECT_EQ(frozen, 19U);
}

TEST(job_change, values_are_as_a_configuration_states_them) {
  const job_config was;
  auto is = was;
  is.round_seconds = 1800;
  is.feed.volatility_per_day = 0.5;
  is.feed.kind = feed_kind::events;
  const std::vector<frozen_change> expected{{"round_seconds", "900", "1800"},
                                            {"feed.kind", "\"market\"", "\"events\""},
                                            {"feed.volatility_per_day", "0.04", "0.5"}};
  EXPECT_EQ(frozen_changes(was, is), expected);
}

TEST(job_change, an_entry_of_a_frozen_list_is_frozen_too) {
  EXPECT_TRUE(is_frozen("board.trusted[2]"));
  EXPECT_FALSE(is_frozen("board.trusted_by_nobody"));
  EXPECT_FALSE(is_frozen("round_seconds_of_another"));
  EXPECT_FALSE(is_frozen(""));
  EXPECT_EQ(meaning_of_job_key(""), "");
}

TEST(job_change, the_reason_says_what_to_do_instead) {
  for (const auto* key : {"round_seconds", "pool.fee", "board.live_alpha"})
    EXPECT_NE(why_frozen(key).find("another id"), std::string::npos) << key;
}

} // namespace
} // namespace sluice
