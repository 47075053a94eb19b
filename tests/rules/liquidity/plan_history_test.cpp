#include "rules/liquidity/plan_history.hpp"
#include "tests/rules/liquidity/played_rounds.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace sluice {

namespace {

const test::held_ranges narrow_plan{{{-10, 10}, 1000}};
const test::held_ranges broad_plan{{{-200, 200}, 1000}};

plan_comparison compared(const plan_history& history, const char* a, const char* b) {
  return history.compare(history.find({a}), history.find({b}));
}

plan_comparison after(const test::played_round& round) {
  plan_history history;
  round.book(history);
  return compared(history, "a", "b");
}

plan_comparison of_two(const test::held_ranges& a, const test::held_ranges& b) {
  test::played_round round;
  round.steady("a", a);
  round.steady("b", b);
  return after(round);
}

TEST(plan_history, compares_ranges_and_their_liquidity_within_two_percent) {
  EXPECT_EQ(of_two(narrow_plan, narrow_plan), (plan_comparison{5, 5}));
  EXPECT_EQ(of_two(narrow_plan, broad_plan), (plan_comparison{5, 0}));
  EXPECT_EQ(of_two(narrow_plan, {}), (plan_comparison{5, 0}));
  EXPECT_EQ(of_two(narrow_plan, {{{-10, 10}, 980}}), (plan_comparison{5, 5}));
  EXPECT_EQ(of_two(narrow_plan, {{{-10, 10}, 979}}), (plan_comparison{5, 0}));
  EXPECT_EQ(of_two({{{-10, 10}, 979}}, narrow_plan), (plan_comparison{5, 0}));
  EXPECT_EQ(of_two(narrow_plan, {{{-10, 10}, 1000}, {{0, 10}, 1}}), (plan_comparison{5, 0}));
  EXPECT_EQ(of_two({{{-10, 10}, u128_max}}, {{{-10, 10}, u128_max - u128_max / 50}}),
            (plan_comparison{5, 5}));
  EXPECT_EQ(of_two({{{-10, 10}, u128_max}}, {{{-10, 10}, u128_max - u128_max / 50 - 1}}),
            (plan_comparison{5, 0}));
}

TEST(plan_history, takes_the_plan_that_was_kept_for_an_answer) {
  test::played_round round{narrow_plan};
  round.add({"a",
             miner_verdict::scored,
             {0, 1, 2, 3, 4},
             {broad_plan, broad_plan, broad_plan, narrow_plan, narrow_plan}});
  round.add({"b", miner_verdict::failed, {0, 1, 2, 3, 4}}); // never answered, keeps the vault's
  EXPECT_EQ(after(round),
            (plan_comparison{3, 0})); // both hold what the vault held after the others
  round.add({"c",
             miner_verdict::scored,
             {0, 1, 2, 3, 4},
             {narrow_plan, broad_plan, broad_plan, broad_plan, broad_plan}});
  plan_history history;
  round.book(history);
  EXPECT_EQ(compared(history, "a", "c"), (plan_comparison{5, 2}));
}

TEST(plan_history, leaves_out_who_only_kept_what_the_vault_had) {
  test::played_round round{broad_plan};
  round.steady("a", broad_plan);
  round.add({"b", miner_verdict::failed, {0, 1, 2, 3, 4}});
  EXPECT_EQ(after(round), plan_comparison{});
}

TEST(plan_history, leaves_out_who_refused_the_round) {
  test::played_round round;
  round.steady("a", narrow_plan);
  round.add({"b", miner_verdict::refused, {0}});
  EXPECT_EQ(after(round), plan_comparison{});
}

TEST(plan_history, compares_only_what_both_were_asked) {
  test::played_round round;
  round.steady("a", narrow_plan);
  round.add({"b",
             miner_verdict::scored,
             {2, 3, 4},
             {{}, {}, narrow_plan, narrow_plan, broad_plan}}); // came late
  EXPECT_EQ(after(round), (plan_comparison{3, 2}));
}

TEST(plan_history, takes_the_first_of_a_hotkey_that_comes_twice) {
  test::played_round round;
  round.steady("a", narrow_plan);
  round.steady("b", narrow_plan);
  round.steady("b", broad_plan);
  EXPECT_EQ(after(round), (plan_comparison{5, 5}));
}

TEST(plan_history, knows_nothing_of_strangers_or_of_one_alone) {
  test::played_round round;
  round.steady("a", narrow_plan);
  plan_history history;
  EXPECT_EQ(compared(history, "a", "b"), plan_comparison{});
  round.book(history);
  EXPECT_EQ(compared(history, "a", "b"), plan_comparison{});
  EXPECT_EQ(compared(history, "a", "a"), plan_comparison{});
}

TEST(plan_history, forgets_a_round_after_so_many_others) {
  test::played_round once;
  once.steady("a", narrow_plan);
  once.steady("b", narrow_plan);
  test::played_round then;
  then.steady("a", narrow_plan);
  then.steady("c", narrow_plan);
  plan_history history;
  once.book(history);
  for (uint32_t i = 1; i < activity_rounds; ++i)
    then.book(history);
  EXPECT_EQ(compared(history, "a", "b"), (plan_comparison{5, 5}));
  EXPECT_EQ(compared(history, "a", "c"), (plan_comparison{475, 475}));
  then.book(history);
  EXPECT_EQ(history.find({"b"}), std::nullopt);
  EXPECT_EQ(compared(history, "a", "c"), (plan_comparison{480, 480}));
  once.book(history); // b comes back, in a slot that was another's or its own
  EXPECT_EQ(compared(history, "a", "b"), (plan_comparison{5, 5}));
  EXPECT_EQ(compared(history, "b", "c"), plan_comparison{});
}

TEST(plan_history, four_of_five_are_equal_plans) {
  EXPECT_FALSE(equal_plans({0, 0}));
  EXPECT_TRUE(equal_plans({1, 1}));
  EXPECT_TRUE(equal_plans({5, 4}));
  EXPECT_FALSE(equal_plans({480, 383}));
  EXPECT_TRUE(equal_plans({480, 384}));
  EXPECT_TRUE(equal_plans({UINT32_MAX, UINT32_MAX}));
}

plan_leads leads_after(const test::played_round& round, std::vector<hotkey> group) {
  plan_history history;
  round.book(history);
  return history.leads(group);
}

TEST(plan_leads, is_who_held_the_shared_range_before_all_others) {
  test::played_round round;
  round.add({"a",
             miner_verdict::scored,
             {0, 1, 2, 3, 4},
             {{}, narrow_plan, narrow_plan, narrow_plan, narrow_plan}});
  round.add({"b",
             miner_verdict::scored,
             {0, 1, 2, 3, 4},
             {narrow_plan, narrow_plan, narrow_plan, narrow_plan, narrow_plan}});
  round.add({"c",
             miner_verdict::scored,
             {0, 1, 2, 3, 4},
             {narrow_plan, narrow_plan, narrow_plan, narrow_plan, narrow_plan}});
  EXPECT_EQ(leads_after(round, {{"a"}, {"b"}}), (plan_leads{{0, 1}, 1}));
  EXPECT_EQ(leads_after(round, {{"a"}, {"b"}, {"c"}}), (plan_leads{{0, 0, 0}, 1}));
  EXPECT_EQ(leads_after(round, {{"a"}, {"unknown"}}), (plan_leads{{0, 0}, 0}));
}

TEST(plan_leads, a_range_of_the_vault_or_of_one_alone_does_not_count) {
  test::played_round round{narrow_plan};
  round.add({"a",
             miner_verdict::scored,
             {0, 1, 2, 3, 4},
             {broad_plan, narrow_plan, narrow_plan, narrow_plan, narrow_plan}});
  round.add({"b",
             miner_verdict::scored,
             {0, 1, 2, 3, 4},
             {narrow_plan, narrow_plan, narrow_plan, narrow_plan, {}}});
  EXPECT_EQ(leads_after(round, {{"a"}, {"b"}}), (plan_leads{{0, 0}, 0}));
}

TEST(plan_leads, the_range_that_is_held_most_decides) {
  const test::held_ranges lure{{{-500, -400}, 10}}; // sorts first and is asked for first
  test::played_round round;
  round.steady("honest", narrow_plan);
  round.add({"a",
             miner_verdict::scored,
             {0, 1, 2, 3, 4},
             {lure, narrow_plan, narrow_plan, narrow_plan, narrow_plan}});
  round.add({"b",
             miner_verdict::scored,
             {0, 1, 2, 3, 4},
             {narrow_plan, lure, narrow_plan, narrow_plan, narrow_plan}});
  EXPECT_EQ(leads_after(round, {{"a"}, {"b"}, {"honest"}}), (plan_leads{{0, 0, 0}, 1}));
  EXPECT_EQ(leads_after(round, {{"a"}, {"honest"}}), (plan_leads{{0, 1}, 1}));
}

/// The same by looking at every question of every round again.
class straight_history {
public:
  struct kept {
    test::held_ranges vault;
    std::vector<test::played> miners;
  };

  void absorb(kept round) { rounds_.push_back(std::move(round)); }

  plan_comparison compare(const std::string& a, const std::string& b) const {
    plan_comparison all;
    for_each_round([&](const kept& round) {
      const auto *x = find(round, a), *y = find(round, b);
      if (x == nullptr || y == nullptr)
        return;
      for (const auto q : x->asked) {
        if (std::ranges::find(y->asked, q) == y->asked.end())
          continue;
        const auto mine = held(round, *x, q), other = held(round, *y, q);
        if (mine == round.vault && other == round.vault)
          continue;
        ++all.questions;
        all.equal += close(mine, other);
      }
    });
    return all;
  }

  plan_leads leads(const std::vector<hotkey>& group) const {
    plan_leads all{std::vector<uint32_t>(group.size()), 0};
    for_each_round([&](const kept& round) {
      std::map<std::pair<int32_t, int32_t>, std::map<size_t, std::vector<size_t>>> questions;
      for (size_t i = 0; i < group.size(); ++i)
        if (const auto* x = find(round, group[i].value))
          for (const auto q : x->asked)
            for (const auto& [range, liquidity] : held(round, *x, q))
              if (!round.vault.contains(range))
                questions[range][i].push_back(q);
      std::vector<std::tuple<long, size_t, std::pair<int32_t, int32_t>>> order;
      for (const auto& [range, by_member] : questions) {
        long total = 0;
        size_t first = SIZE_MAX;
        for (const auto& [member, when] : by_member) {
          total += static_cast<long>(when.size());
          first = std::min(first, when.front());
        }
        if (by_member.size() > 1)
          order.emplace_back(-total, first, range);
      }
      if (order.empty())
        return;
      ++all.rounds;
      const auto& [total, first, range] = *std::ranges::min_element(order);
      std::vector<size_t> leaders;
      for (const auto& [member, when] : questions[range])
        if (when.front() == first)
          leaders.push_back(member);
      if (leaders.size() == 1)
        ++all.led[leaders.front()];
    });
    return all;
  }

private:
  template <class F>
  void for_each_round(F f) const {
    const size_t from = rounds_.size() > activity_rounds ? rounds_.size() - activity_rounds : 0;
    for (size_t i = from; i < rounds_.size(); ++i)
      f(rounds_[i]);
  }

  static const test::played* find(const kept& round, const std::string& key) {
    for (const auto& x : round.miners)
      if (x.key == key && x.verdict != miner_verdict::refused)
        return &x;
    return nullptr;
  }

  static test::held_ranges held(const kept& round, const test::played& x, size_t question) {
    return x.held.empty() ? round.vault : x.held[question];
  }

  static bool close(const test::held_ranges& a, const test::held_ranges& b) {
    return std::ranges::equal(a, b, [](const auto& x, const auto& y) {
      const auto [low, high] = std::minmax(x.second, y.second);
      return x.first == y.first && high - low <= high / 50;
    });
  }

  std::vector<kept> rounds_;
};

/// Miners who invent plans, copy others, more or less exactly, and come and go.
class any_miners {
public:
  explicit any_miners(uint64_t seed) : random_(seed) {}

  straight_history::kept round() {
    straight_history::kept made;
    if (chance(40))
      made.vault = ranges();
    for (int i = 0; i < 14; ++i) {
      if (chance(15))
        continue;
      test::played x{"m" + std::to_string(chance(10) ? 14 + number(20) : i)};
      x.verdict = chance(8)    ? miner_verdict::refused
                  : chance(10) ? miner_verdict::failed
                               : miner_verdict::scored;
      for (size_t q = chance(10) ? 2 : 0; q < (chance(10) ? 4 : test::played_round::questions); ++q)
        x.asked.push_back(q);
      if (x.verdict != miner_verdict::failed)
        x.held = plan(made);
      made.miners.push_back(std::move(x));
    }
    return made;
  }

private:
  uint64_t number(uint64_t below) { return random_() % below; }
  bool chance(uint64_t percent) { return number(100) < percent; }

  test::held_ranges ranges() {
    test::held_ranges made;
    for (auto n = number(3); n + 1 > 0 && n < 3; --n)
      made[{-10 * static_cast<int32_t>(1 + number(3)), 10 * static_cast<int32_t>(1 + number(2))}]
        = 900 + number(200);
    return made;
  }

  std::vector<test::held_ranges> plan(const straight_history::kept& round) {
    if (!round.miners.empty() && chance(60))
      if (auto other = round.miners[number(round.miners.size())].held; !other.empty()) {
        if (chance(40))
          other.insert(other.begin(), round.vault); // a question later
        other.resize(test::played_round::questions);
        if (chance(40))
          for (auto& held : other)
            for (auto& [range, liquidity] : held)
              liquidity += number(30);
        return other;
      }
    std::vector<test::held_ranges> made;
    auto now = chance(50) ? round.vault : ranges();
    for (size_t q = 0; q < test::played_round::questions; ++q) {
      if (chance(20))
        now = ranges();
      made.push_back(now);
    }
    return made;
  }

  std::mt19937_64 random_;
};

TEST(plan_history, is_what_looking_at_every_question_again_gives) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  any_miners miners{seed};
  plan_history history;
  straight_history straight;
  std::mt19937_64 groups{seed};
  for (uint64_t n = 0; n < activity_rounds + 60; ++n) {
    const auto round = miners.round();
    test::played_round booked{round.vault, 450 * (n + 1)};
    for (const auto& x : round.miners)
      booked.add(x);
    booked.book(history);
    straight.absorb(round);
    if (n % 13 != 0 && n + 1 != activity_rounds + 60)
      continue;
    for (int a = 0; a < 34; ++a)
      for (int b = 0; b < 34; ++b) {
        const auto x = "m" + std::to_string(a), y = "m" + std::to_string(b);
        if (a == b)
          continue;
        ASSERT_EQ(compared(history, x.c_str(), y.c_str()), straight.compare(x, y))
          << x << ' ' << y << " after " << n + 1 << " rounds";
      }
    for (int i = 0; i < 20; ++i) {
      std::vector<hotkey> group;
      for (int m = 0; m < 34; ++m)
        if (groups() % 3 == 0)
          group.push_back({"m" + std::to_string(m)});
      ASSERT_EQ(history.leads(group), straight.leads(group)) << "after " << n + 1 << " rounds";
    }
  }
}

} // namespace

} // namespace sluice
