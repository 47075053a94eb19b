#include "rules/weights/parts.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace sluice {
namespace {

mechanism_scores scored(const std::string& name, uint64_t epoch, std::map<miner_uid, double> by_uid,
                        std::set<miner_uid> barred = {}) {
  return {name, {epoch}, std::move(by_uid), std::move(barred)};
}

TEST(weight_parts, state_whether_a_share_is_paid_by_what_and_to_how_many) {
  const mechanism_shares shares{{"a", 0.5}, {"b", 0.2}, {"c", 0.2}, {"d", 0.1}};
  const std::vector stored{scored("a", 9, {{{1}, 2.0}, {{2}, 0.0}, {{3}, 1.0}}),
                           scored("b", 7, {{{1}, 1.0}}), scored("c", 5, {{{1}, 1.0}})};
  const auto parts = parts_of(stored, shares, {9}, 3, {{"b", "no answer"}, {"d", "no data"}});
  EXPECT_EQ(parts, (weight_parts{{"a", 0.5, part_state::fresh, 0, 2, ""},
                                 {"b", 0.2, part_state::kept, 2, 1, "no answer"},
                                 {"c", 0.2, part_state::burned, 0, 0, "it scored nobody"},
                                 {"d", 0.1, part_state::burned, 0, 0, "no data"}}));
}

/// The same scores and shares through `blend`: what is burned there is burned here.
TEST(weight_parts, agree_with_what_is_blended) {
  const mechanism_shares shares{{"a", 0.5}, {"b", 0.3}};
  const std::vector stored{scored("a", 4, {{{1}, 1.0}}, {{2}}), scored("b", 4, {{{2}, 1.0}})};
  const auto blended = blend(fresh(stored, {4}, 3), shares, {0});
  const auto parts = parts_of(stored, shares, {4}, 3, {});
  double burned = 1;
  for (const auto& x : parts)
    burned -= x.state == part_state::burned ? 0 : x.share;
  EXPECT_DOUBLE_EQ(blended.at({0}), burned) << "whom a bars is barred for b as well";
  EXPECT_EQ(parts[1].state, part_state::burned);
}

TEST(scores_to_store, keep_the_last_good_ones_of_who_scores_nobody) {
  const auto last = scored("a", 4, {{{1}, 1.0}});
  const auto silent = scored("a", 5, {}, {{7}});
  EXPECT_EQ(scores_to_store(last, silent), scored("a", 4, {{{1}, 1.0}}, {{7}}));
  EXPECT_EQ(scores_to_store(last, scored("a", 5, {{{2}, 3.0}})), scored("a", 5, {{{2}, 3.0}}));
  EXPECT_EQ(scores_to_store(std::nullopt, silent), silent);
  const auto odd = scored("a", 5, {{{1}, 0.0}, {{2}, std::numeric_limits<double>::infinity()}});
  EXPECT_FALSE(scores_anybody(odd));
  EXPECT_EQ(scores_to_store(last, odd).epoch, epoch_no{4});
  EXPECT_EQ(scores_to_store(silent, odd).epoch, epoch_no{5}) << "nothing good to keep";
}

} // namespace
} // namespace sluice
