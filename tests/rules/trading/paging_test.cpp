#include "rules/trading/paging.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <random>

namespace sluice::test {
namespace {

constexpr int64_t minute_us = 60 * us_per_second;

TEST(trading_paging, a_window_begins_half_an_hour_before_the_sync_point_or_21_days_ago) {
  const paging_terms terms;
  const int64_t now = 1'760'000'000 * us_per_second;
  EXPECT_EQ(window_of({}, now, terms), (fetch_window{now - 21 * us_per_day, now}));
  EXPECT_EQ(window_of(now - 15 * minute_us, now, terms), (fetch_window{now - 45 * minute_us, now}));
  // A clock that went back: nothing is missed, and the sync point does not go back with it.
  EXPECT_EQ(window_of(now + us_per_day, now, terms),
            (fetch_window{now + us_per_day - 30 * minute_us, now + us_per_day}));
  EXPECT_EQ(window_of({}, 5, terms), (fetch_window{0, 5}));
}

page_seen
page(std::vector<uint64_t> rows, std::optional<uint32_t> next, std::optional<uint64_t> total) {
  return {std::move(rows), next, total};
}

paging_state taken(page_reader& reader, const page_seen& x) {
  const auto state = reader.take(x);
  EXPECT_TRUE(state) << (state ? "" : state.error().what);
  return state ? *state : paging_state::unsettled;
}

TEST(trading_paging, asks_for_one_page_after_the_other) {
  page_reader x{{}};
  EXPECT_EQ(x.page(), 1U);
  EXPECT_EQ(taken(x, page({1, 2}, 2, 5)), paging_state::reading);
  EXPECT_EQ(x.page(), 2U);
  EXPECT_EQ(taken(x, page({3, 4}, 4, 5)), paging_state::reading);
  EXPECT_EQ(x.page(), 4U);
  EXPECT_EQ(taken(x, page({5}, {}, 5)), paging_state::complete);
  EXPECT_EQ(x.readings(), 1U);
}

TEST(trading_paging, an_empty_list_is_complete) {
  page_reader with{{}}, without{{}};
  EXPECT_EQ(taken(with, page({}, {}, 0)), paging_state::complete);
  EXPECT_EQ(taken(without, page({}, {}, {})), paging_state::complete);
}

TEST(trading_paging, reads_again_what_moved_to_the_next_page) {
  page_reader x{{}};
  taken(x, page({4, 3}, 2, 4));
  // Row 5 came in front: 3 is seen twice, 5 never.
  taken(x, page({3, 2}, 3, 5));
  EXPECT_EQ(taken(x, page({1}, {}, 5)), paging_state::reading);
  EXPECT_EQ(x.page(), 1U);
  EXPECT_EQ(x.readings(), 2U);
  taken(x, page({5, 4}, 2, 5));
  taken(x, page({3, 2}, 3, 5));
  EXPECT_EQ(taken(x, page({1}, {}, 5)), paging_state::complete);
}

TEST(trading_paging, reads_again_when_a_page_came_twice) {
  page_reader x{{}};
  taken(x, page({1, 2}, 2, 4));
  EXPECT_EQ(taken(x, page({1, 2}, {}, 4)), paging_state::reading);
  taken(x, page({1, 2}, 2, 4));
  EXPECT_EQ(taken(x, page({3, 4}, {}, 4)), paging_state::complete);
}

TEST(trading_paging, without_a_total_what_came_twice_is_read_until_it_is_the_same) {
  page_reader x{{}};
  taken(x, page({1, 2}, 2, {}));
  EXPECT_EQ(taken(x, page({2, 3}, {}, {})), paging_state::reading);
  taken(x, page({1, 2}, 2, {}));
  EXPECT_EQ(taken(x, page({2, 3}, {}, {})), paging_state::complete);
}

TEST(trading_paging, equal_rows_of_one_page_are_two_rows) {
  page_reader x{{}};
  taken(x, page({1, 1}, 2, 3));
  EXPECT_EQ(taken(x, page({2}, {}, 3)), paging_state::complete);
}

TEST(trading_paging, a_row_on_two_pages_is_no_proof_that_nothing_is_missing) {
  paging_terms terms;
  page_reader x{terms};
  for (uint32_t i = 1; i <= terms.readings_max; ++i) {
    taken(x, page({1, 2}, 2, 4));
    EXPECT_EQ(taken(x, page({2, 3}, {}, 4)),
              i < terms.readings_max ? paging_state::reading : paging_state::unsettled);
  }
}

TEST(trading_paging, a_list_that_never_has_what_it_states_is_unsettled) {
  paging_terms terms;
  page_reader x{terms};
  for (uint32_t i = 1; i < terms.readings_max; ++i)
    EXPECT_EQ(taken(x, page({1}, {}, 2)), paging_state::reading);
  EXPECT_EQ(taken(x, page({1}, {}, 2)), paging_state::unsettled);
  terms.trusts_total = false;
  page_reader trusting_nothing{terms};
  EXPECT_EQ(taken(trusting_nothing, page({1}, {}, 2)), paging_state::complete);
}

TEST(trading_paging, refuses_pages_that_lead_nowhere) {
  paging_terms terms;
  terms.pages_max = 3;
  terms.rows_max = 4;
  page_reader x{terms};
  const auto code = [&](const page_seen& p) {
    const auto state = x.take(p);
    return state ? ec::none : state.error().code;
  };
  EXPECT_EQ(code(page({1}, 1, {})), ec::corrupt_data);
  EXPECT_EQ(code(page({1}, 0, {})), ec::corrupt_data);
  EXPECT_EQ(code(page({1}, 4, {})), ec::corrupt_data);
  EXPECT_EQ(code(page({1, 2, 3, 4, 5}, 2, {})), ec::corrupt_data);
  EXPECT_EQ(x.page(), 1U); // nothing of them counted
  EXPECT_EQ(code(page({1, 2, 3}, 2, {})), ec::none);
  EXPECT_EQ(code(page({4, 5}, {}, {})), ec::corrupt_data);
}

/// A list of a server that moves, repeats and sorts its pages at random; `calm`: from this request
/// on it does not.
class random_list {
public:
  random_list(uint64_t seed, size_t calm) : random_(seed), calm_(calm) {
    rows_.resize(random_() % 30);
    std::iota(rows_.begin(), rows_.end(), uint64_t{1});
  }

  page_seen get(uint32_t number) {
    if (++requests_ < calm_)
      disturb();
    const bool repeats = requests_ < calm_ && number > 1 && random_() % 4 == 0;
    const auto first = std::min(rows_.size(), size_t{(repeats ? number - 2 : number - 1)} * 3);
    const auto last = std::min(rows_.size(), first + 3);
    page_seen x;
    x.rows.assign(rows_.begin() + static_cast<ptrdiff_t>(first),
                  rows_.begin() + static_cast<ptrdiff_t>(last));
    x.total = rows_.size();
    if (size_t{number} * 3 < rows_.size())
      x.next_page = number + 1;
    return x;
  }

  std::set<uint64_t> all() const { return {rows_.begin(), rows_.end()}; }

private:
  void disturb() {
    switch (random_() % 6) {
    case 0:
      std::shuffle(rows_.begin(), rows_.end(), random_);
      break;
    case 1:
      rows_.insert(rows_.begin(), 1000 + requests_);
      break;
    case 2:
      if (!rows_.empty())
        rows_.erase(rows_.begin());
      break;
    default:
      break;
    }
  }

  std::mt19937_64 random_;
  size_t calm_;
  size_t requests_ = 0;
  std::vector<uint64_t> rows_;
};

TEST(trading_paging, misses_nothing_of_a_list_that_comes_to_rest) {
  const auto seed = std::random_device{}();
  size_t complete = 0, disturbed = 0;
  for (uint64_t i = 0; i < 3'000; ++i) {
    random_list list{seed + i, 1 + i % 12};
    page_reader reader{{}};
    std::set<uint64_t> seen;
    auto state = paging_state::reading;
    for (int requests = 0; state == paging_state::reading && requests < 500; ++requests) {
      const auto page = list.get(reader.page());
      seen.insert(page.rows.begin(), page.rows.end());
      state = taken(reader, page);
    }
    ASSERT_NE(state, paging_state::reading) << seed + i;
    if (state == paging_state::unsettled)
      continue;
    ++complete;
    disturbed += reader.readings() > 1 ? 1 : 0;
    const auto all = list.all();
    EXPECT_TRUE(std::includes(seen.begin(), seen.end(), all.begin(), all.end())) << seed + i;
  }
  EXPECT_GT(complete, 2'500U);
  EXPECT_GT(disturbed, 500U); // the list was no easy one
}

TEST(trading_paging, digests_differ_where_events_do) {
  trading_event x;
  x.coldkey = "5C";
  x.hotkey = "5H";
  x.extrinsic = "1-2";
  x.netuid = 3;
  x.tao = 4;
  x.alpha = 5;
  const auto digest = row_digest(x);
  EXPECT_EQ(row_digest(x), digest);
  auto other = x;
  other.time_us = 9; // not part of what an event is (README, rule 2)
  other.block = 9;
  EXPECT_EQ(row_digest(other), digest);
  const std::vector<std::function<void(trading_event&)>> changes{
    [](auto& e) { e.coldkey = "5D"; },  [](auto& e) { e.hotkey = "5D"; },
    [](auto& e) { e.extrinsic = "1"; }, [](auto& e) { e.netuid = 4; },
    [](auto& e) { e.tao = 5; },         [](auto& e) { e.alpha = 4; },
    [](auto& e) { e.index = 0; },       [](auto& e) { e.action = stake_action::unstake; }};
  for (const auto& change : changes) {
    other = x;
    change(other);
    EXPECT_NE(row_digest(other), digest);
  }
}

} // namespace
} // namespace sluice::test
