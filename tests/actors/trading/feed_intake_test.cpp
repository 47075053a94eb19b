#include "actors/trading/feed_intake.hpp"
#include "storage/trading/tables.hpp"
#include "tests/support/actor_test.hpp"
#include "tests/support/trading_feed_of.hpp"

#include <gtest/gtest.h>

namespace sluice::test {
namespace {

class trading_intake : public actor_test {
protected:
  static trading_world world_of(std::vector<std::pair<std::string, bool>> coldkeys) {
    trading_world world;
    for (auto& [coldkey, registered] : coldkeys)
      world.identities.push_back({coldkey, "hot of " + coldkey, 1, registered, 0, std::nullopt});
    return world;
  }
  std::shared_ptr<storage::data_dir> disk = open_disk();
};

TEST_F(trading_intake, an_indexer_is_asked_about_registered_coldkeys_once_each) {
  storage::batch writes;
  storage::tables::trading_syncs.put(writes, {"stats", "b"}, sync_point{5, 0, "", 1, 2});
  ASSERT_TRUE(disk->commit(writes));
  const feed_intake intake{trading_feed_of("stats", trading_feed_kind::taostats)};
  const auto world = world_of({{"b", true}, {"a", true}, {"b", true}, {"gone", false}});
  const auto asked = intake.request(*disk, world, false);
  ASSERT_TRUE(asked);
  ASSERT_EQ(asked->targets->size(), 2U);
  EXPECT_EQ(asked->targets->at(0), (source_target{"a", std::nullopt}));
  EXPECT_EQ(asked->targets->at(1), (source_target{"b", sync_point{5, 0, "", 1, 2}}));
  EXPECT_EQ(asked->durable, delivery_mark{});
}

TEST_F(trading_intake, a_file_has_one_target_without_a_name) {
  const feed_intake intake{trading_feed_of("file", trading_feed_kind::file)};
  const auto asked = intake.request(*disk, world_of({{"a", true}}), true);
  ASSERT_TRUE(asked);
  ASSERT_EQ(asked->targets->size(), 1U);
  EXPECT_EQ(asked->targets->front().coldkey, "");
  EXPECT_TRUE(asked->look_now);
}

TEST_F(trading_intake, adds_up_a_delivery_and_reports_it_when_it_is_durable) {
  feed_intake intake{trading_feed_of("stats", trading_feed_kind::taostats)};
  auto rows = std::make_shared<std::vector<source_rows>>(2);
  rows->at(0).coldkey = "a";
  rows->at(0).rows = 3;
  rows->at(0).events.resize(2);
  rows->at(0).rejected[static_cast<size_t>(row_rejection::amount)] = 1;
  rows->at(0).synced = sync_point{7, 0, "", 1, 3};
  rows->at(1).coldkey = "b"; // there may be more of it: its sync point stays
  rows->at(1).rows = 1;
  rows->at(1).rejected[static_cast<size_t>(row_rejection::amount)] = 1;
  const auto taken = intake.rows_of({"stats", {4, 9}, rows, false});
  EXPECT_EQ(taken.rows, 4U);
  EXPECT_EQ(taken.events.size(), 2U);
  ASSERT_EQ(taken.rejected.size(), 1U);
  EXPECT_EQ(taken.rejected[0], (std::pair<std::string, uint64_t>{"amount", 2}));
  ASSERT_EQ(taken.points.size(), 1U);
  EXPECT_EQ(taken.points[0].first, (sync_key{"stats", "a"}));
  intake.stored({4, 9});
  EXPECT_EQ(intake.request(*disk, {}, false)->durable, (delivery_mark{4, 9}));
}

} // namespace
} // namespace sluice::test
