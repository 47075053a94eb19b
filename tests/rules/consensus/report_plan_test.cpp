#include "rules/consensus/report_plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

namespace sluice {
namespace {

constexpr uint64_t unix_now_ms = 784'111'777'000; // Sun, 06 Nov 1994 08:49:37 GMT

report_answer status(unsigned x, std::string retry_after = "") {
  report_answer answer;
  answer.status = x;
  answer.success = x == 200;
  answer.retry_after = std::move(retry_after);
  if (x == 0)
    answer.what = "http://a: no connection";
  return answer;
}

report_target to(std::string url, report_mode mode, std::string key_file = "") {
  report_target x;
  x.url = std::move(url);
  x.mode = mode;
  x.key_file = std::move(key_file);
  return x;
}

report_plan plan_of(std::vector<report_target> targets) {
  return {std::move(targets), report_pauses{}};
}

TEST(report_plan, intervals_follow_each_other_without_a_gap) {
  EXPECT_EQ(report_slot(1'767'225'660'000, 60), 29'453'761U);
  for (uint64_t ms = 1'767'225'600'000; ms < 1'767'225'600'000 + 61'000; ms += 997) {
    const auto rest = ms_to_next_slot(ms, 60);
    EXPECT_GE(rest, 1U);
    EXPECT_EQ(report_slot(ms + rest, 60), report_slot(ms, 60) + 1);
    EXPECT_EQ(report_slot(ms + rest - 1, 60), report_slot(ms, 60));
  }
}

TEST(report_plan, decides_by_the_status) {
  const report_pauses pauses;
  const auto verdict = [&](report_answer x, bool keyed) {
    return decide_report(x, keyed, 1, 0, unix_now_ms, pauses).verdict;
  };
  EXPECT_EQ(verdict(status(200), true), sending_verdict::delivered);
  EXPECT_EQ(verdict(status(409), false), sending_verdict::delivered); // it is there
  auto no_success = status(200);
  no_success.success = false;
  no_success.what = "miner_statuses is no list";
  EXPECT_EQ(verdict(no_success, false), sending_verdict::rejected);
  for (const auto x : {400U, 404U, 405U, 413U, 415U, 422U})
    EXPECT_EQ(verdict(status(x), true), sending_verdict::rejected) << x;
  for (const auto x : {0U, 408U, 425U, 429U, 500U, 502U, 503U, 504U, 599U})
    EXPECT_EQ(verdict(status(x), true), sending_verdict::again) << x;
  for (const auto x : {401U, 403U}) {
    EXPECT_EQ(verdict(status(x), true), sending_verdict::stopped) << x;
    EXPECT_EQ(verdict(status(x), false), sending_verdict::rejected) << x;
    const auto why = decide_report(status(x), true, 1, 0, unix_now_ms, pauses).why;
    EXPECT_NE(why.find("key_file"), std::string::npos) << why;
  }
}

TEST(report_plan, backs_off_from_one_second_to_five_minutes) {
  const report_pauses pauses;
  uint64_t top = 1'000;
  for (uint64_t failures = 1; failures < 40; ++failures) {
    const auto pause = [&](uint64_t chance) {
      return decide_report(status(500), false, failures, chance, unix_now_ms, pauses).pause_ms;
    };
    EXPECT_EQ(pause(0), std::max<uint64_t>(1'000, top / 2)) << failures;
    EXPECT_EQ(pause(top - top / 2), std::max<uint64_t>(1'000, top)) << failures;
    for (uint64_t chance = 0; chance < 1'000'000; chance += 77'777) {
      EXPECT_GE(pause(chance), 1'000U);
      EXPECT_LE(pause(chance), 300'000U);
    }
    top = std::min<uint64_t>(2 * top, 300'000);
  }
}

TEST(report_plan, never_comes_before_a_proxy_wants_it) {
  const report_pauses pauses;
  const auto pause = [&](unsigned x, const std::string& wish, uint64_t chance) {
    return decide_report(status(x, wish), false, 1, chance, unix_now_ms, pauses).pause_ms;
  };
  for (uint64_t chance = 0; chance < 100'000; chance += 999) {
    for (const auto x : {429U, 503U}) {
      EXPECT_GE(pause(x, "120", chance), 120'000U);
      EXPECT_LE(pause(x, "120", chance), 132'000U);
      EXPECT_GE(pause(x, "Sun, 06 Nov 1994 08:51:37 GMT", chance), 120'000U);
    }
    EXPECT_GE(pause(429, "", chance), 60'000U);
    EXPECT_GE(pause(503, "0", chance), 1'000U) << "a wish of 0 is no reason to hurry";
    EXPECT_LE(pause(429, "999999999", chance), 3'960'000U) << "nobody is sent away for years";
  }
}

TEST(report_plan, sends_the_newest_report_once_to_each) {
  auto plan = plan_of({to("a", report_mode::all), to("b", report_mode::all)});
  EXPECT_TRUE(plan.due(0).empty());
  plan.offer(1);
  EXPECT_EQ(plan.due(0), (std::vector<report_attempt>{{0, 1}, {1, 1}}));
  EXPECT_TRUE(plan.due(0).empty()) << "they are on their way";
  EXPECT_EQ(plan.answered({0, 1}, status(200), 5, unix_now_ms, 0), sending_verdict::delivered);
  EXPECT_EQ(plan.answered({0, 1}, status(200), 5, unix_now_ms, 0), std::nullopt) << "twice";
  EXPECT_TRUE(plan.due(10).empty());
  plan.offer(2);
  EXPECT_EQ(plan.due(20), (std::vector<report_attempt>{{0, 2}})) << "the other is still open";
  EXPECT_EQ(plan.answered({1, 1}, status(500), 30, unix_now_ms, 0), sending_verdict::again);
  EXPECT_EQ(plan.view()[1].replaced, 1U);
  EXPECT_TRUE(plan.due(30).empty());
  EXPECT_EQ(plan.next_ms(), 1'030U);
  EXPECT_EQ(plan.due(1'030), (std::vector<report_attempt>{{1, 2}}));
}

TEST(report_plan, goes_to_the_next_alternative_at_once_and_back_to_the_first) {
  auto plan = plan_of(
    {to("a", report_mode::first), to("b", report_mode::first), to("c", report_mode::first)});
  plan.offer(1);
  EXPECT_EQ(plan.due(0), (std::vector<report_attempt>{{0, 1}}));
  plan.answered({0, 1}, status(0), 0, unix_now_ms, 0);
  EXPECT_EQ(plan.due(0), (std::vector<report_attempt>{{1, 1}}));
  plan.answered({1, 1}, status(400), 0, unix_now_ms, 0);
  EXPECT_EQ(plan.due(0), (std::vector<report_attempt>{{2, 1}}));
  plan.answered({2, 1}, status(200), 0, unix_now_ms, 0);
  EXPECT_TRUE(plan.due(10'000).empty()) << "one of them has it";
  EXPECT_EQ(plan.next_ms(), std::nullopt);
  plan.offer(2);
  EXPECT_EQ(plan.due(20'000), (std::vector<report_attempt>{{0, 2}})) << "its pause is over";
}

TEST(report_plan, waits_for_the_first_pause_to_end_when_no_alternative_is_left) {
  auto plan = plan_of({to("a", report_mode::first), to("b", report_mode::first)});
  plan.offer(1);
  plan.due(0);
  plan.answered({0, 1}, status(429, "100"), 0, unix_now_ms, 0);
  plan.due(0);
  plan.answered({1, 1}, status(503, "50"), 0, unix_now_ms, 0);
  EXPECT_TRUE(plan.due(0).empty());
  ASSERT_EQ(plan.next_ms(), 50'000U);
  plan.offer(2);
  EXPECT_EQ(plan.view()[0].replaced, 1U);
  EXPECT_EQ(plan.due(50'000), (std::vector<report_attempt>{{1, 2}}));
}

TEST(report_plan, a_report_that_every_alternative_rejects_needs_nothing_more) {
  auto plan = plan_of({to("a", report_mode::first), to("b", report_mode::first)});
  plan.offer(1);
  for (size_t i = 0; i < 2; ++i) {
    ASSERT_EQ(plan.due(0), (std::vector<report_attempt>{{i, 1}}));
    plan.answered({i, 1}, status(422), 0, unix_now_ms, 0);
  }
  EXPECT_TRUE(plan.due(1'000'000).empty());
  plan.offer(2);
  EXPECT_EQ(plan.view()[0].replaced, 0U);
  EXPECT_EQ(plan.due(1'000'000), (std::vector<report_attempt>{{0, 2}}));
}

TEST(report_plan, asks_no_more_until_the_key_is_another) {
  auto plan = plan_of({to("a", report_mode::all, "key")});
  plan.offer(1);
  plan.due(0);
  EXPECT_EQ(plan.answered({0, 1}, status(403), 0, unix_now_ms, 0), sending_verdict::stopped);
  EXPECT_TRUE(plan.stopped(0));
  for (uint64_t i = 2; i < 5; ++i) {
    plan.offer(i);
    EXPECT_TRUE(plan.due(i * 1'000'000).empty());
  }
  EXPECT_EQ(plan.view()[0].replaced, 3U);
  plan.resume(0);
  EXPECT_EQ(plan.due(5'000'000), (std::vector<report_attempt>{{0, 4}}));
  plan.refuse({0, 4}, "the file is gone");
  EXPECT_TRUE(plan.stopped(0));
  EXPECT_EQ(plan.view()[0].last_error, "the file is gone");
}

/// Offers, answers and time at random: whatever happens, nothing is lost without being counted.
TEST(report_plan, counts_what_became_of_every_report) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 chance{seed};
  for (int run = 0; run < 200; ++run) {
    std::vector<report_target> targets;
    const auto n = 1 + chance() % 5;
    for (uint64_t i = 0; i < n; ++i)
      targets.push_back(to("t" + std::to_string(i),
                           chance() % 2 == 0 ? report_mode::all : report_mode::first,
                           chance() % 2 == 0 ? "key" : ""));
    auto plan = plan_of(targets);
    std::set<std::pair<size_t, uint64_t>> open;
    std::map<size_t, std::set<uint64_t>> delivered, rejected;
    uint64_t now = 0, offered = 0;
    for (int step = 0; step < 400; ++step) {
      now += chance() % 20'000;
      if (chance() % 6 == 0)
        plan.offer(++offered);
      for (const auto& x : plan.due(now)) {
        EXPECT_EQ(x.report, offered) << "only the newest is sent";
        EXPECT_FALSE(delivered[x.target].contains(x.report)) << "twice to the same proxy";
        for (const auto& [target, report] : open) {
          EXPECT_NE(target, x.target) << "two requests to one proxy";
          EXPECT_FALSE(targets[target].mode == report_mode::first
                       && targets[x.target].mode == report_mode::first)
            << "two alternatives at the same time";
        }
        open.emplace(x.target, x.report);
      }
      if (!open.empty() && chance() % 2 == 0) {
        const auto [target, report] = *open.begin();
        open.erase(open.begin());
        constexpr unsigned all[] = {200, 200, 200, 400, 401, 429, 500, 0};
        const auto verdict
          = plan.answered({target, report}, status(all[chance() % 8]), now, unix_now_ms, chance());
        ASSERT_TRUE(verdict);
        if (*verdict == sending_verdict::delivered)
          delivered[target].insert(report);
        if (*verdict == sending_verdict::rejected)
          rejected[target].insert(report);
      }
      if (chance() % 50 == 0)
        plan.resume(chance() % n);
      if (const auto next = plan.next_ms(); next && *next <= now) {
        auto copy = plan;
        EXPECT_FALSE(copy.due(now).empty()) << "it states that something is due";
      }
    }
    const auto shown = plan.view();
    for (size_t i = 0; i < n; ++i) {
      EXPECT_EQ(shown[i].delivered, delivered[i].size());
      EXPECT_EQ(shown[i].rejected, rejected[i].size());
      if (targets[i].mode == report_mode::first)
        continue;
      const bool newest_is_open
        = offered > 0 && !delivered[i].contains(offered) && !rejected[i].contains(offered);
      const bool older_is_open = std::any_of(open.begin(), open.end(), [&](const auto& x) {
        return x.first == i && x.second < offered;
      });
      EXPECT_EQ(shown[i].delivered + shown[i].rejected + shown[i].replaced + newest_is_open
                  + older_is_open,
                offered);
    }
  }
}

} // namespace
} // namespace sluice
