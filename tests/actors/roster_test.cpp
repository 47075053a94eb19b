#include "actors/roster.hpp"
#include "tests/support/actor_test.hpp"
#include "tests/support/last_words.hpp"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

class roster : public actor_test {
protected:
  roster_actor all = keep(spawn_roster(
    sys,
    {{{7}, {"seven"}, "crasher"}, {{2}, {"two"}, "wide:width=0.1"}, {{5}, {"five"}, "silent"}}));

  std::vector<roster_entry> everybody() {
    return ask<std::vector<roster_entry>>(all, atom::roster_v);
  }

  static rebalance_query query() {
    rebalance_query x;
    x.job = x.round.job = {"job"};
    x.current_price = 1;
    x.sqrt_price_x96 = u256{1} << 96;
    x.inventory_remaining = {u256{1'000'000}, u256{1'000'000}};
    return x;
  }

  void crash() {
    question<rebalance_reply> asked{sys, everybody().at(2).way, query()};
    settle();
    ASSERT_TRUE(asked.answered());
    EXPECT_FALSE(asked.look());
  }
};

TEST_F(roster, lists_everybody_by_uid_with_the_strategy_as_label) {
  const auto found = everybody();
  ASSERT_EQ(found.size(), 3u);
  const std::vector<std::string> labels{"wide:width=0.1", "silent", "crasher"};
  const std::vector<uint16_t> uids{2, 5, 7};
  const std::vector<std::string> keys{"two", "five", "seven"};
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(found[i].uid, miner_uid{uids[i]});
    EXPECT_EQ(found[i].key, hotkey{keys[i]});
    EXPECT_EQ(found[i].label, labels[i]);
    EXPECT_TRUE(found[i].way);
  }
}

TEST_F(roster, the_ways_lead_to_the_strategies) {
  EXPECT_TRUE(ask<rebalance_reply>(everybody().at(0).way, query()).accepted);
  question<rebalance_reply> silence{sys, everybody().at(1).way, query()};
  settle();
  EXPECT_FALSE(silence.answered());
}

TEST_F(roster, one_that_falls_comes_back_by_a_new_way_however_often) {
  auto before = everybody();
  for (int i = 0; i < 30; ++i) {
    SCOPED_TRACE(i);
    crash();
    advance(50ms);
    const auto after = everybody();
    ASSERT_EQ(after.size(), 3u);
    EXPECT_EQ(after[0], before[0]);
    EXPECT_EQ(after[1], before[1]);
    EXPECT_NE(after[2].way, before[2].way);
    EXPECT_EQ(ask<atom::done>(after[2].way, atom::fence_v), atom::done_v);
    before = after;
  }
}

TEST_F(roster, one_that_is_down_is_listed_all_the_same) {
  crash();
  crash();
  const auto found = everybody();
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[2].uid, miner_uid{7});
  EXPECT_EQ(ask_error<atom::done>(found[2].way, atom::fence_v), caf::sec::request_receiver_down);
  advance(50ms);
  EXPECT_EQ(ask<atom::done>(everybody().at(2).way, atom::fence_v), atom::done_v);
}

TEST_F(roster, goes_with_its_miners) {
  const auto found = everybody();
  std::vector<last_words> ends;
  for (const auto& x : found)
    ends.emplace_back(x.way);
  caf::anon_send_exit(all, caf::exit_reason::user_shutdown);
  settle();
  for (const auto& x : ends)
    EXPECT_TRUE(x);
}

TEST_F(roster, does_not_live_with_a_strategy_that_nobody_knows) {
  const auto broken = keep(spawn_roster(sys, {{{1}, {"one"}, "wise"}}));
  const last_words end{broken};
  settle();
  ASSERT_TRUE(end);
  EXPECT_NE(sentence(*end).find("wise"), std::string::npos);
}

} // namespace
} // namespace sluice::test
