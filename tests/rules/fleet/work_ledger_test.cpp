#include "rules/fleet/work_ledger.hpp"

#include <gtest/gtest.h>

#include <random>

namespace sluice {
namespace {

using worth = work_ledger::worth;
using order = work_ledger::order;

/// Without samples, so that a far part is only far.
ledger_terms unchecked() {
  return {.patience_ms = 500, .patience_max_ms = 5'000, .sample = UINT64_MAX};
}

/// A far worker's first part is always a sample: lets it be over.
void warm_up(work_ledger& ledger, work_ledger::worker_id near_one, work_ledger::worker_id far) {
  const auto a = ledger.add_part(), b = ledger.add_part();
  ASSERT_EQ(ledger.deal(0), (std::vector<order>{{a, near_one}, {b, far}}));
  ledger.done(a, near_one, 0);
  ASSERT_EQ(ledger.deal(0), (std::vector<order>{{b, near_one}}));
  ledger.done(b, near_one, 0);
  ledger.done(b, far, 0);
  ASSERT_FALSE(ledger.knows(b));
}

TEST(work_ledger, deals_in_order_to_whoever_has_capacity) {
  work_ledger ledger;
  const auto a = ledger.add_near(), b = ledger.add_near();
  const auto x = ledger.add_part(), y = ledger.add_part(), z = ledger.add_part();
  EXPECT_EQ(ledger.deal(0), (std::vector<order>{{x, a}, {y, b}}));
  EXPECT_TRUE(ledger.deal(0).empty());
  EXPECT_EQ(ledger.done(y, b, 1), worth::first);
  EXPECT_EQ(ledger.deal(1), (std::vector<order>{{z, b}}));
  EXPECT_EQ(ledger.next_look_ms(), std::nullopt) << "those at home are waited for";
}

TEST(work_ledger, a_far_worker_has_more_than_one_part_on_its_way) {
  work_ledger ledger{unchecked()};
  const auto near_one = ledger.add_near();
  const auto far = ledger.add_far(4);
  warm_up(ledger, near_one, far);
  std::map<work_ledger::worker_id, int> counts;
  for (int i = 0; i < 10; ++i)
    ledger.add_part();
  for (const auto& one : ledger.deal(0))
    ++counts[one.worker];
  EXPECT_EQ(counts[near_one], 1);
  EXPECT_EQ(counts[far], 4);
  EXPECT_EQ(ledger.far_capacity(), 4u);
}

TEST(work_ledger, what_a_lost_worker_had_is_dealt_first_and_in_order) {
  work_ledger ledger{unchecked()};
  const auto near_one = ledger.add_near();
  const auto far = ledger.add_far(2);
  warm_up(ledger, near_one, far);
  const auto a = ledger.add_part(), b = ledger.add_part(), c = ledger.add_part(),
             d = ledger.add_part();
  ASSERT_EQ(ledger.deal(0), (std::vector<order>{{a, near_one}, {b, far}, {c, far}}));
  ledger.lose(far);
  EXPECT_TRUE(ledger.deal(1).empty());
  std::vector<work_ledger::part_id> rest;
  auto at = a;
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(ledger.done(at, near_one, 2), worth::first);
    for (const auto& one : ledger.deal(2)) {
      at = one.part;
      rest.push_back(at);
    }
  }
  EXPECT_EQ(rest, (std::vector<work_ledger::part_id>{b, c, d}));
  EXPECT_EQ(ledger.done(b, far, 3), worth::late);
}

TEST(work_ledger, who_keeps_somebody_waiting_gets_nothing_until_it_answers) {
  work_ledger ledger{unchecked()};
  const auto near_one = ledger.add_near();
  const auto far = ledger.add_far(2);
  warm_up(ledger, near_one, far);
  const auto a = ledger.add_part(), b = ledger.add_part();
  ASSERT_EQ(ledger.deal(1'000), (std::vector<order>{{a, near_one}, {b, far}}));
  EXPECT_EQ(ledger.next_look_ms(), 1'500u);
  EXPECT_EQ(ledger.done(a, near_one, 1'001), worth::first);
  EXPECT_TRUE(ledger.deal(1'499).empty());
  EXPECT_EQ(ledger.deal(1'500), (std::vector<order>{{b, near_one}})) << "to another as well";
  EXPECT_TRUE(ledger.suspected(far));
  EXPECT_EQ(ledger.next_look_ms(), std::nullopt);
  EXPECT_EQ(ledger.far_capacity(), 0u);
  EXPECT_EQ(ledger.done(b, near_one, 1'600), worth::first);
  const auto c = ledger.add_part(), d = ledger.add_part();
  EXPECT_EQ(ledger.deal(1'700), (std::vector<order>{{c, near_one}}));
  EXPECT_EQ(ledger.done(b, far, 1'800), worth::late);
  EXPECT_FALSE(ledger.suspected(far));
  EXPECT_EQ(ledger.deal(1'800), (std::vector<order>{{d, far}}));
  EXPECT_EQ(ledger.next_look_ms(), 1'800 + 4 * 800u) << "it is known to take its time";
}

TEST(work_ledger, the_first_and_every_so_many_far_results_are_compared) {
  work_ledger ledger{{.sample = 2}};
  const auto near_one = ledger.add_near();
  const auto far = ledger.add_far(1);
  const auto a = ledger.add_part(), b = ledger.add_part();
  ASSERT_EQ(ledger.deal(0), (std::vector<order>{{a, near_one}, {b, far}}));
  EXPECT_EQ(ledger.done(a, near_one, 1), worth::first);
  EXPECT_EQ(ledger.deal(1), (std::vector<order>{{b, near_one}})) << "the same at home";
  EXPECT_EQ(ledger.done(b, far, 2), worth::checked);
  EXPECT_TRUE(ledger.knows(b));
  EXPECT_EQ(ledger.done(b, near_one, 3), worth::first);
  EXPECT_FALSE(ledger.knows(b));

  const auto c = ledger.add_part(), d = ledger.add_part();
  ASSERT_EQ(ledger.deal(4), (std::vector<order>{{c, near_one}, {d, far}}));
  EXPECT_EQ(ledger.done(d, far, 5), worth::first) << "the second is believed";
  EXPECT_EQ(ledger.done(c, near_one, 5), worth::first);

  const auto e = ledger.add_part(), f = ledger.add_part();
  ASSERT_EQ(ledger.deal(6), (std::vector<order>{{e, near_one}, {f, far}}));
  EXPECT_EQ(ledger.done(e, near_one, 7), worth::first);
  ASSERT_EQ(ledger.deal(7), (std::vector<order>{{f, near_one}}));
  EXPECT_EQ(ledger.done(f, near_one, 8), worth::first);
  EXPECT_TRUE(ledger.knows(f)) << "its check is still to come";
  EXPECT_EQ(ledger.done(f, far, 9), worth::checked);
  EXPECT_FALSE(ledger.knows(f));
}

TEST(work_ledger, a_part_that_workers_are_lost_over_stays_at_home) {
  work_ledger ledger{unchecked()};
  const auto near_one = ledger.add_near();
  const auto first = ledger.add_far(1), second = ledger.add_far(1), third = ledger.add_far(1);
  const auto busy = ledger.add_part();
  ledger.deal(0); // keeps the one at home busy
  for (int i = 0; i < 3; ++i)
    ledger.add_part();
  for (const auto& one : ledger.deal(0)) { // the first of each is a sample
    ledger.forget(one.part);
    ledger.done(one.part, one.worker, 0);
  }
  EXPECT_FALSE(ledger.suspected(third));
  const auto part = ledger.add_part();
  ASSERT_EQ(ledger.deal(0), (std::vector<order>{{part, first}}));
  ledger.lose(first);
  ASSERT_EQ(ledger.deal(0), (std::vector<order>{{part, second}}));
  ledger.lose(second);
  EXPECT_TRUE(ledger.deal(0).empty()) << "two are enough";
  ledger.done(busy, near_one, 0);
  EXPECT_EQ(ledger.deal(0), (std::vector<order>{{part, near_one}}));
}

TEST(work_ledger, a_part_that_two_near_workers_failed_at_is_given_up) {
  work_ledger ledger;
  const auto a = ledger.add_near(), b = ledger.add_near();
  const auto part = ledger.add_part();
  ASSERT_EQ(ledger.deal(0), (std::vector<order>{{part, a}}));
  EXPECT_TRUE(ledger.failed(part, a));
  ASSERT_EQ(ledger.deal(0), (std::vector<order>{{part, b}}));
  EXPECT_FALSE(ledger.failed(part, b));
  ledger.forget(part);
  ledger.add_near();
  EXPECT_TRUE(ledger.deal(0).empty());
}

TEST(work_ledger, what_a_worker_declines_is_done_at_home) {
  work_ledger ledger{unchecked()};
  const auto far = ledger.add_far(1);
  const auto part = ledger.add_part();
  ASSERT_EQ(ledger.deal(0), (std::vector<order>{{part, far}}));
  ledger.decline(part, far);
  EXPECT_TRUE(ledger.deal(0).empty());
  const auto near_one = ledger.add_near();
  EXPECT_EQ(ledger.deal(0), (std::vector<order>{{part, near_one}}));
}

TEST(work_ledger, whatever_happens_every_part_has_exactly_one_result) {
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 chance{seed};
    work_ledger ledger{{.sample = 1 + chance() % 4}};
    std::vector<work_ledger::worker_id> far;
    std::vector<order> out;
    std::map<work_ledger::part_id, int> results;
    uint64_t now = 0;
    const auto home = ledger.add_near();
    const auto lose = [&](size_t i) {
      ledger.lose(far[i]);
      far.erase(far.begin() + static_cast<long>(i));
    };
    // Somebody answers, who may be lost by now; far away an answer may get lost on its way.
    const auto answer = [&](bool any) {
      if (out.empty())
        return;
      const auto i = static_cast<long>(chance() % out.size());
      const auto one = out[static_cast<size_t>(i)];
      out.erase(out.begin() + i);
      if (one.worker == home || (any && chance() % 10 != 0))
        results[one.part] += ledger.done(one.part, one.worker, now) == worth::first;
    };
    for (int step = 0; step < 400; ++step) {
      now += chance() % 200;
      switch (chance() % 8) {
      case 0:
        results[ledger.add_part()] = 0;
        break;
      case 1:
        if (far.size() < 5)
          far.push_back(ledger.add_far(1 + chance() % 4));
        break;
      case 2:
        if (!far.empty() && chance() % 3 == 0)
          lose(chance() % far.size());
        break;
      default:
        answer(true);
      }
      for (const auto& one : ledger.deal(now))
        out.push_back(one);
    }
    while (!far.empty())
      lose(0);
    for (size_t left = 10 * results.size() + out.size(); left > 0; --left) {
      for (const auto& one : ledger.deal(now))
        out.push_back(one);
      answer(false);
    }
    for (const auto& [part, count] : results)
      EXPECT_EQ(count, 1) << part;
  }
}

} // namespace
} // namespace sluice
