#include "actors/metrics/readiness.hpp"
#include "actors/observed/actor_stats.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(readiness, states_what_is_missing_until_nothing_is) {
  const auto root = std::make_shared<actor_slot>("node");
  EXPECT_EQ(why_not_ready(root), "the node is starting");
  const auto node = std::make_shared<actor_stats>();
  root->taken(node, {});
  EXPECT_EQ(why_not_ready(root), "the first step has not begun");
  const auto storage = node->add_slot("storage_writer");
  const auto steps = node->add_slot("conductor");
  const auto stats = std::make_shared<actor_stats>();
  steps->taken(stats, {});
  stats->count("other");
  EXPECT_EQ(why_not_ready(root), "the first step has not begun");
  stats->count("steps");
  EXPECT_EQ(why_not_ready(root), std::nullopt);
  storage->empty(slot_state::restarting, "the disk is full");
  EXPECT_EQ(why_not_ready(root), "node/storage_writer is restarting: the disk is full");
  storage->taken(std::make_shared<actor_stats>(), {});
  EXPECT_EQ(why_not_ready(root), std::nullopt);
}

TEST(readiness, comes_back_with_the_next_incarnation) {
  const auto root = std::make_shared<actor_slot>("node");
  const auto node = std::make_shared<actor_stats>();
  root->taken(node, {});
  const auto place = node->add_slot("conductor");
  const auto first = std::make_shared<actor_stats>();
  place->taken(first, {});
  first->count("steps");
  place->empty(slot_state::restarting, "");
  EXPECT_EQ(why_not_ready(root), "node/conductor is restarting");
  place->taken(std::make_shared<actor_stats>(), {});
  EXPECT_EQ(why_not_ready(root), std::nullopt); // the steps before count
}

} // namespace
} // namespace sluice
