#include "rules/trading/event_merge.hpp"
#include "tests/rules/trading/some_events.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace sluice {
namespace {

using test::no_texts;
using test::stake_at;

TEST(merge_events, equal_rows_of_two_feeds_are_one_event_and_a_known_block_stays) {
  const auto with_block = stake_at(12, 100, 200);
  auto without = with_block;
  without.block = 0;
  for (const auto& rows : {std::vector{with_block, without}, std::vector{without, with_block}}) {
    const auto merged = merge_events({}, rows, no_texts);
    EXPECT_EQ(merged.events, std::vector{with_block});
    EXPECT_EQ(merged.added, 1U);
    EXPECT_EQ(merged.duplicates, 1U);
  }
  const auto later = merge_events({without}, {with_block}, no_texts);
  EXPECT_TRUE(later.changed);
  EXPECT_EQ(later.added, 0U);
  EXPECT_EQ(later.events, std::vector{with_block});
  EXPECT_FALSE(merge_events({with_block}, {without}, no_texts).changed);
}

TEST(merge_events, another_amount_hotkey_direction_or_extrinsic_is_another_event) {
  const auto x = stake_at(12, 100, 200);
  std::vector<book_event> others(5, x);
  others[0].tao = 101;
  others[1].alpha = 201;
  others[2].hotkey = 9;
  others[3].action = stake_action::unstake;
  others[4].extrinsic += "x";
  EXPECT_EQ(merge_events({x}, others, [](uint64_t) { return std::string_view{"h"}; }).added, 5U);
}

// A batch of two equal stakes in one extrinsic: only the index sets them apart.
TEST(merge_events, with_an_index_equal_amounts_of_one_extrinsic_are_two_events) {
  auto first = stake_at(12, 100, 200);
  first.index_plus_1 = 4;
  auto second = first;
  second.index_plus_1 = 5;
  auto without = first;
  without.index_plus_1 = 0;
  without.block = 0;
  std::vector<book_event> rows{first, second, without};
  std::sort(rows.begin(), rows.end(),
            [](const auto& a, const auto& b) { return a.index_plus_1 < b.index_plus_1; });
  do {
    merged_events merged;
    for (const auto& x : rows)
      merged = merge_events(std::move(merged.events), {x}, no_texts);
    EXPECT_EQ(merged.events, (std::vector{first, second}));
  } while (std::next_permutation(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return a.index_plus_1 < b.index_plus_1;
  }));
}

TEST(merge_events, one_index_is_one_event_whatever_it_contains) {
  auto a = stake_at(12, 100, 200);
  a.index_plus_1 = 7;
  auto b = a;
  b.tao = 99;
  EXPECT_EQ(merge_events({a}, {b}, no_texts).events, std::vector{b});
  EXPECT_EQ(merge_events({b}, {a}, no_texts).events, std::vector{b});
  EXPECT_EQ(merge_events({}, {b, a}, no_texts).duplicates, 1U);
}

TEST(merge_events, equal_times_are_ordered_by_direction_extrinsic_hotkey_and_amounts) {
  const key_texts texts
    = [](uint64_t number) { return number == 1 ? std::string_view{"z"} : std::string_view{"a"}; };
  auto a = stake_at(0, 5, 5);
  a.extrinsic = "same";
  a.hotkey = 1; // text z
  auto b = a;
  b.hotkey = 2; // text a
  auto c = b;
  c.tao = 4;
  auto d = a;
  d.extrinsic = "earlier";
  auto e = d;
  e.action = stake_action::unstake;
  EXPECT_EQ(merge_events({}, {e, a, b, c, d}, texts).events, (std::vector{d, c, b, a, e}));
}

/// Rows of few extrinsics and amounts, so that all kinds of equality come up; those with one index
/// agree in content.
std::vector<book_event> overlapping_rows(std::mt19937_64& random) {
  std::vector<book_event> rows;
  for (int i = 0; i < 12; ++i) {
    auto x = stake_at(static_cast<int64_t>(random() % 3) * 12, 100, 200);
    x.extrinsic = std::to_string(random() % 3);
    x.index_plus_1 = static_cast<uint32_t>(random() % 4);
    x.tao = x.index_plus_1 == 3 ? 101 : 100;
    x.block = random() % 2 == 0 ? 0 : 5'200'000 + random() % 2;
    rows.push_back(x);
  }
  return rows;
}

TEST(merge_events, the_order_of_arrival_does_not_matter) {
  const uint64_t seed = std::random_device{}();
  std::mt19937_64 random{seed};
  for (int round = 0; round < 300; ++round) {
    auto rows = overlapping_rows(random);
    const auto once = merge_events({}, rows, no_texts).events;
    std::shuffle(rows.begin(), rows.end(), random);
    std::vector<book_event> stepwise;
    for (const auto& x : rows)
      stepwise = merge_events(std::move(stepwise), {x}, no_texts).events;
    EXPECT_EQ(stepwise, once) << "seed " << seed << ", round " << round;
    EXPECT_EQ(merge_events(once, rows, no_texts).events, once) << "seed " << seed;
    EXPECT_FALSE(merge_events(once, rows, no_texts).changed) << "seed " << seed;
  }
}

} // namespace
} // namespace sluice
