#include "rules/miner_gateway/fair_places.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace sluice {

namespace {

/// The same, straight: a list, looked through from end to end.
class straight_places {
public:
  explicit straight_places(fair_place_terms terms) : terms_(terms) {}

  uint64_t take(uint64_t id, const std::string& outer, const std::string& group, uint64_t now) {
    const auto at = whose(outer, group, now);
    uint64_t out = 0;
    if (at < list_.size()) {
      out = list_[at].id;
      list_.erase(list_.begin() + static_cast<std::ptrdiff_t>(at));
    }
    list_.push_back({id, outer, group, now});
    return out;
  }

  bool give_back(uint64_t id) {
    return std::erase_if(list_, [&](const auto& x) { return x.id == id; }) != 0;
  }

  size_t size() const { return list_.size(); }

private:
  struct entry {
    uint64_t id;
    std::string outer, group;
    uint64_t since;
  };

  size_t whose(const std::string& outer, const std::string& group, uint64_t now) const {
    const auto in_group
      = [&](const auto& x, const auto& o, const auto& g) { return x.outer == o && x.group == g; };
    const auto own
      = std::ranges::count_if(list_, [&](const auto& x) { return in_group(x, outer, group); });
    if (terms_.group_max != 0 && static_cast<size_t>(own) >= terms_.group_max)
      return first([&](const auto& x) { return in_group(x, outer, group); });
    if (list_.empty() || list_.size() < terms_.all_max)
      return list_.size();
    if (terms_.hold_ms != 0 && now - list_.front().since >= terms_.hold_ms)
      return 0;
    size_t best = list_.size();
    std::pair<size_t, size_t> most{0, 0};
    for (size_t i = 0; i < list_.size(); ++i) {
      const auto& x = list_[i];
      size_t of_outer = x.outer == outer ? 1 : 0;
      size_t of_group = in_group(x, outer, group) ? 1 : 0;
      for (const auto& y : list_) {
        of_outer += y.outer == x.outer ? 1 : 0;
        of_group += in_group(y, x.outer, x.group) ? 1 : 0;
      }
      // Of outer groups of one size only the one with the oldest place of all counts.
      if (of_outer > most.first
          || (of_outer == most.first && x.outer == list_[best].outer && of_group > most.second)) {
        most = {of_outer, of_group};
        best = i;
      }
    }
    return best;
  }

  template <class F>
  size_t first(F f) const {
    return static_cast<size_t>(std::ranges::find_if(list_, f) - list_.begin());
  }

  fair_place_terms terms_;
  std::vector<entry> list_;
};

TEST(fair_places, whoever_fills_them_pushes_out_itself) {
  fair_places places{{4, 0, 0}};
  EXPECT_FALSE(places.take(1, "us", "we", 0));
  for (uint64_t id = 2; id <= 4; ++id)
    EXPECT_FALSE(places.take(id, "them", "they", 0));
  for (uint64_t id = 5; id <= 100; ++id)
    EXPECT_EQ(places.take(id, "them", "they", 0), id - 3);
  EXPECT_EQ(places.take(101, "others", "o", 0), 98U);
  EXPECT_EQ(places.size(), 4U);
  EXPECT_TRUE(places.give_back(1));
  EXPECT_FALSE(places.give_back(1));
  EXPECT_FALSE(places.give_back(98)); // gave way
}

TEST(fair_places, inside_the_largest_outer_group_the_largest_group_gives_way) {
  fair_places places{{5, 0, 0}};
  EXPECT_FALSE(places.take(1, "net", "small", 0));
  EXPECT_FALSE(places.take(2, "net", "large", 0));
  EXPECT_FALSE(places.take(3, "net", "large", 0));
  EXPECT_FALSE(places.take(4, "a", "a", 0));
  EXPECT_FALSE(places.take(5, "b", "b", 0));
  EXPECT_EQ(places.take(6, "c", "c", 0), 2U);
}

TEST(fair_places, who_holds_a_place_too_long_gives_way_first) {
  fair_places places{{3, 0, 100}};
  EXPECT_FALSE(places.take(1, "a", "a", 0));
  EXPECT_FALSE(places.take(2, "b", "b", 50));
  EXPECT_FALSE(places.take(3, "b", "b", 50));
  EXPECT_EQ(places.take(4, "c", "c", 99), 2U);
  EXPECT_EQ(places.take(5, "c", "c", 100), 1U);
}

TEST(fair_places, do_as_a_straight_list_does) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 chance{seed};
  for (int round = 0; round < 40; ++round) {
    const fair_place_terms terms{1 + chance() % 12, chance() % 4, chance() % 3 * 50};
    fair_places places{terms};
    straight_places straight{terms};
    uint64_t now = 0;
    for (uint64_t id = 1; id <= 300; ++id) {
      now += chance() % 10;
      const auto outer = std::string(1, static_cast<char>('a' + chance() % 4));
      const auto group = std::string(1, static_cast<char>('a' + chance() % 3));
      ASSERT_EQ(places.take(id, outer, group, now).value_or(0),
                straight.take(id, outer, group, now))
        << id;
      if (chance() % 3 == 0) {
        const auto gone = 1 + chance() % id;
        ASSERT_EQ(places.give_back(gone), straight.give_back(gone));
      }
      ASSERT_EQ(places.size(), straight.size());
      ASSERT_LE(places.size(), terms.all_max);
    }
  }
}

} // namespace

} // namespace sluice
