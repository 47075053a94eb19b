#include "actors/metrics/readiness.hpp"
#include "actors/observed/card.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(readiness, says_what_is_missing_until_nothing_is) {
  const auto root = std::make_shared<card_seat>("node");
  EXPECT_EQ(why_not_ready(root), "the node is starting");
  const auto node = std::make_shared<actor_card>();
  root->taken(node, {});
  EXPECT_EQ(why_not_ready(root), "the first step has not begun");
  const auto storage = node->add_seat("keeper");
  const auto steps = node->add_seat("conductor");
  const auto card = std::make_shared<actor_card>();
  steps->taken(card, {});
  card->count("other");
  EXPECT_EQ(why_not_ready(root), "the first step has not begun");
  card->count("steps");
  EXPECT_EQ(why_not_ready(root), std::nullopt);
  storage->empty(seat_state::restarting, "the disk is full");
  EXPECT_EQ(why_not_ready(root), "node/keeper is restarting: the disk is full");
  storage->taken(std::make_shared<actor_card>(), {});
  EXPECT_EQ(why_not_ready(root), std::nullopt);
}

TEST(readiness, comes_back_with_the_next_incarnation) {
  const auto root = std::make_shared<card_seat>("node");
  const auto node = std::make_shared<actor_card>();
  root->taken(node, {});
  const auto place = node->add_seat("conductor");
  const auto first = std::make_shared<actor_card>();
  place->taken(first, {});
  first->count("steps");
  place->empty(seat_state::restarting, "");
  EXPECT_EQ(why_not_ready(root), "node/conductor is restarting");
  place->taken(std::make_shared<actor_card>(), {});
  EXPECT_EQ(why_not_ready(root), std::nullopt); // the steps before count
}

} // namespace
} // namespace sluice
