#include "rules/consensus/byzantine.hpp"
#include "rules/consensus/merge.hpp"
#include "tests/support/consensus_reports.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace sluice {
namespace {

/// Validators, the first `honest` of which report what they see; the others report anything.
struct liars_world {
  std::vector<uint64_t> stakes;
  size_t honest = 0;
  std::vector<miner_status> statuses;
};

/// Liars have less than half of the stake, often only just.
liars_world random_world(std::mt19937_64& chance) {
  liars_world made;
  made.honest = 2 + chance() % 5;
  uint64_t of_honest = 0;
  for (size_t i = 0; i < made.honest; ++i) {
    made.stakes.push_back(1 + chance() % 1000);
    of_honest += made.stakes.back();
    auto x = test::full_status(7, "real", 1000 + static_cast<double>(chance() % 50), true);
    x.performance_score = 0.7 + static_cast<double>(chance() % 10) / 100;
    x.current_load = static_cast<double>(1 + chance() % 2);
    x.is_serving = chance() % 5 != 0;
    x.ip = chance() % 6 == 0 ? "\"192.0.2.9\"" : "\"192.0.2.1\"";
    x.last_seen = "\"2025-08-25T12:00:0" + std::to_string(chance() % 10) + "\"";
    made.statuses.push_back(x);
  }
  auto left = of_honest - 1;
  for (uint64_t n = 1 + chance() % 4; n > 0 && left > 0; --n) {
    made.stakes.push_back(n == 1 ? left : 1 + chance() % left);
    left -= made.stakes.back();
    made.statuses.push_back(test::full_status(7, "real", 1000, true));
  }
  return made;
}

consensus_record merged_in(const liars_world& world, consensus_policy policy) {
  std::vector<weighed_report> latest;
  for (size_t i = 0; i < world.statuses.size(); ++i) {
    const auto& status = world.statuses[i];
    const uint32_t id = status.hotkey.empty() ? 0 : status.hotkey == "real" ? 1 : 2;
    auto x = weigh(status, id, static_cast<uint16_t>(i), test::report_time_ms);
    x.stake_rao = world.stakes[i];
    x.confidence = 1;
    latest.push_back(x);
  }
  consensus_settings settings;
  settings.policy = policy;
  return merge_reports({7}, latest, test::report_time_ms, settings);
}

/// How far a number lies outside of what honest validators report; 0: inside, or no value.
double beyond(const std::optional<double>& merged, std::vector<double> honest) {
  if (!merged)
    return 0;
  std::sort(honest.begin(), honest.end());
  return std::max({0.0, *merged - honest.back(), honest.front() - *merged});
}

/// How far any field was moved outside of the honest ones; the search makes it larger.
double harm(const liars_world& world, const consensus_record& record) {
  const auto numbers = [&](auto member) {
    std::vector<double> all;
    for (size_t i = 0; i < world.honest; ++i)
      all.push_back(*(world.statuses[i].*member));
    return all;
  };
  const auto& x = record.status;
  double sum = beyond(x.stake, numbers(&miner_status::stake))
               + beyond(x.performance_score, numbers(&miner_status::performance_score))
               + beyond(x.current_load, numbers(&miner_status::current_load))
               + beyond(x.max_capacity, numbers(&miner_status::max_capacity));
  const auto is_honest = [&](auto has) {
    return std::any_of(world.statuses.begin(),
                       world.statuses.begin() + static_cast<ptrdiff_t>(world.honest), has);
  };
  if (x.is_serving
      && !is_honest([&](const miner_status& y) { return y.is_serving == x.is_serving; }))
    sum += 1;
  for (const auto member : {&miner_status::hotkey, &miner_status::ip, &miner_status::port})
    if (!(x.*member).empty()
        && !is_honest([&](const miner_status& y) { return y.*member == x.*member; }))
      sum += 1;
  if (const auto seen = last_seen_ms(x.last_seen)) {
    std::vector<double> times;
    for (size_t i = 0; i < world.honest; ++i)
      times.push_back(static_cast<double>(*last_seen_ms(world.statuses[i].last_seen)));
    sum += beyond(static_cast<double>(*seen), times);
  }
  return sum;
}

/// One change of one liar's report.
void lie(liars_world& world, std::mt19937_64& chance) {
  auto& x = world.statuses[world.honest + chance() % (world.statuses.size() - world.honest)];
  const auto number = [&]() -> std::optional<double> {
    constexpr std::array<double, 6> values{0, 1e12, 999.5, 1051, 0.5, 5};
    if (chance() % 6 == 0)
      return std::nullopt;
    return values[chance() % values.size()];
  };
  switch (chance() % 9) {
  case 0:
    x.stake = number();
    return;
  case 1:
    x.performance_score = chance() % 3 == 0 ? 1.0 : 0.0;
    return;
  case 2:
    x.current_load = number();
    return;
  case 3:
    x.max_capacity = number();
    return;
  case 4:
    x.is_serving = chance() % 2 == 0;
    return;
  case 5:
    x.hotkey = chance() % 3 == 0 ? "" : chance() % 2 == 0 ? "real" : "other";
    return;
  case 6:
    x.ip = chance() % 3 == 0 ? "" : "\"198.51.100." + std::to_string(chance() % 2) + "\"";
    return;
  case 7:
    x.port = chance() % 2 == 0 ? "1" : "8091";
    return;
  default:
    x.last_seen = chance() % 2 == 0 ? "\"1999-01-01\"" : "\"2199-01-01\"";
  }
}

/// The most harm that a hill climb finds; it stops as soon as there is some.
double search_harm(liars_world world, consensus_policy policy, std::mt19937_64& chance, int tries) {
  auto best = world;
  double most = 0;
  double pull = 0; // towards harm: how far a number moved at all, which a median hides
  for (int i = 0; i < tries && most == 0; ++i) {
    auto next = best;
    for (uint64_t n = 1 + chance() % 3; n > 0; --n)
      lie(next, chance);
    const auto record = merged_in(next, policy);
    most = harm(next, record);
    const double moved = std::abs(record.status.stake.value_or(1000) - 1000)
                         + static_cast<double>(record.conflicts.size());
    if (moved >= pull || chance() % 20 == 0) {
      pull = moved;
      best = std::move(next);
    }
  }
  return most;
}

TEST(byzantine_policy, lets_less_than_half_of_the_stake_move_nothing_beyond_honest_reports) {
  for (uint64_t seed = 1; seed <= 150; ++seed) {
    std::mt19937_64 chance{seed};
    const auto world = random_world(chance);
    if (world.statuses.size() == world.honest)
      continue;
    EXPECT_EQ(search_harm(world, consensus_policy::byzantine, chance, 300), 0) << "seed " << seed;
  }
}

TEST(byzantine_policy, is_searched_by_what_finds_harm_in_the_other_policy) {
  size_t found = 0;
  size_t worlds = 0;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    std::mt19937_64 chance{seed};
    const auto world = random_world(chance);
    if (world.statuses.size() == world.honest)
      continue;
    ++worlds;
    found += search_harm(world, consensus_policy::confidence, chance, 300) > 0 ? 1 : 0;
  }
  EXPECT_EQ(found, worlds);
}

TEST(byzantine_policy, yields_when_liars_have_half_of_the_stake) {
  liars_world world;
  world.honest = 1;
  world.stakes = {100, 100};
  world.statuses
    = {test::full_status(7, "real", 1000, true), test::full_status(7, "real", 5, true)};
  EXPECT_GT(harm(world, merged_in(world, consensus_policy::byzantine)), 0);
}

TEST(byzantine_policy, has_no_value_where_no_value_has_more_than_half) {
  liars_world world;
  world.honest = 3;
  world.stakes = {1, 1, 1};
  for (const auto* ip : {"\"192.0.2.1\"", "\"192.0.2.2\"", "\"192.0.2.3\""}) {
    world.statuses.push_back(test::full_status(7, "real", 1000, true));
    world.statuses.back().ip = ip;
  }
  const auto record = merged_in(world, consensus_policy::byzantine);
  EXPECT_EQ(record.conflicts, std::vector<std::string>{"ip"});
  EXPECT_TRUE(record.status.ip.empty());
  EXPECT_EQ(record.state, consensus_state::agreed);
  for (size_t i = 0; i < 3; ++i)
    world.statuses[i].hotkey = i == 0 ? "real" : i == 1 ? "other" : "";
  const auto split = merged_in(world, consensus_policy::byzantine);
  EXPECT_EQ(split.state, consensus_state::conflicted);
  EXPECT_FALSE(split.status.stake);
}

TEST(byzantine_policy, leaves_out_what_a_minority_adds) {
  liars_world world;
  world.honest = 2;
  world.stakes = {60, 20, 30};
  for (int i = 0; i < 3; ++i)
    world.statuses.push_back(test::full_status(7, "real", 1000, true));
  world.statuses[2].external_ip = "\"203.0.113.1\"";
  world.statuses[1].external_ip = "\"203.0.113.1\"";
  world.statuses[2].extra = {{"junk", "1"}};
  const auto record = merged_in(world, consensus_policy::byzantine);
  EXPECT_TRUE(record.status.external_ip.empty());
  EXPECT_TRUE(record.status.extra.empty());
  EXPECT_TRUE(record.conflicts.empty());
}

/// The definition: half or more of the stake at or below it, none lower.
double straight_median(const std::vector<staked_number>& all) {
  double best = INFINITY;
  for (const auto& x : all) {
    uint64_t below = 0;
    uint64_t total = 0;
    for (const auto& y : all) {
      below += y.value <= x.value ? y.stake_rao : 0;
      total += y.stake_rao;
    }
    if (2 * below >= total)
      best = std::min(best, x.value);
  }
  return best;
}

TEST(stake_median, is_the_least_value_with_half_of_the_stake_at_or_below) {
  std::mt19937_64 chance{5};
  for (int i = 0; i < 3000; ++i) {
    std::vector<staked_number> all(1 + chance() % 9);
    for (auto& x : all)
      x = {static_cast<double>(chance() % 7), chance() % 5};
    if (std::all_of(all.begin(), all.end(), [](const auto& x) { return x.stake_rao == 0; }))
      continue;
    EXPECT_EQ(stake_median(all), straight_median(all));
  }
  const std::vector<staked_number> unknown{{3, 0}, {1, 0}, {2, 0}, {9, 0}};
  EXPECT_EQ(stake_median(unknown), 2);
  const std::vector<staked_number> huge{{1, UINT64_MAX}, {2, UINT64_MAX}, {3, UINT64_MAX}};
  EXPECT_EQ(stake_median(huge), 2);
}

} // namespace
} // namespace sluice
