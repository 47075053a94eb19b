#include "storage/stamp.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace sluice::storage {
namespace {

const std::string own_id(32, 'a');
const std::vector<std::string> places{"node", "pool_events", "devchain"};

std::vector<store_stamp> good_set() {
  const identity who{"0.3.0", 7, "abc"};
  return {
    {own_id, "node", row_format, who, 12, {{"pool_events", 10}, {"devchain", 4}}},
    {own_id, "pool_events", row_format, who, 11, {{"node", 9}, {"devchain", 4}}},
    {own_id, "devchain", row_format, who, 4, {{"node", 3}, {"pool_events", 2}}},
  };
}

std::string why(const std::vector<store_stamp>& stamps, const std::string& id = own_id) {
  const auto good = check_set(stamps, places, id, "D");
  return good ? "" : good.error().what;
}

TEST(stamp, stores_that_belong_together_are_a_set) {
  EXPECT_EQ(why(good_set()), "");
  EXPECT_EQ(why(good_set(), ""), "") << "of whatever folder it is";
  EXPECT_EQ(last_commit_of(good_set()), 12u);
  EXPECT_EQ(last_commit_of({}), 0u);
  auto exact = good_set();
  exact[0].known["pool_events"] = 11; // as far as it is
  EXPECT_EQ(why(exact), "");
}

TEST(stamp, states_which_store_is_foreign_and_what_to_do) {
  auto foreign = good_set();
  foreign[1].folder = std::string(32, 'b');
  EXPECT_EQ(why(foreign), "D: the store pool_events belongs to another data folder: it has the id "
                            + std::string(32, 'b') + ", this folder " + own_id
                            + advice_to_restore("D"));
  EXPECT_NE(why(foreign, ""), "");
  EXPECT_EQ(check_set(foreign, places, own_id, "D").error().code, ec::corrupt_data);
  EXPECT_NE(advice_to_restore("D").find("sluice db restore BACKUP --force --data D"),
            std::string::npos);
}

TEST(stamp, states_which_stores_were_swapped) {
  auto swapped = good_set();
  std::swap(swapped[0], swapped[1]);
  EXPECT_TRUE(why(swapped).starts_with(
    "D: in the place of the store node lies the store pool_events: they were swapped"))
    << why(swapped);
}

TEST(stamp, a_store_that_is_older_than_another_knows_it_is_refused) {
  for (size_t i = 0; i < places.size(); ++i) {
    auto old = good_set();
    const auto known = known_to_others(old).at(places[i]);
    old[i].commit = known;
    EXPECT_EQ(why(old), "") << places[i];
    old[i].commit = known - 1;
    EXPECT_TRUE(why(old).starts_with(
      "D: the store " + places[i] + " is older than the others: it ends with commit "
      + std::to_string(known - 1) + ", and they know of its commit " + std::to_string(known)))
      << why(old);
  }
}

TEST(stamp, what_the_lock_file_has_noted_counts_as_well) {
  const auto set = good_set();
  const auto known = known_to_others(set, {{"devchain", 5}, {"other", 1}});
  EXPECT_EQ(known, (std::map<std::string, uint64_t>{
                     {"node", 9}, {"pool_events", 10}, {"devchain", 5}, {"other", 1}}));
  EXPECT_FALSE(check_age(set, known, "D"));
  EXPECT_TRUE(check_age(set, known_to_others(set, {{"devchain", 4}}), "D"));
}

TEST(stamp, rows_of_a_later_form_are_for_a_later_program) {
  auto later = good_set();
  later[2].format = row_format + 1;
  const auto good = check_set(later, places, own_id, "D");
  ASSERT_FALSE(good);
  EXPECT_EQ(good.error().code, ec::schema_mismatch);
}

} // namespace
} // namespace sluice::storage
