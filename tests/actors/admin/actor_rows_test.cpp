#include "actors/admin/actor_rows.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

using namespace std::chrono_literals;

class actor_rows : public ::testing::Test {
protected:
  std::shared_ptr<card_seat> root = std::make_shared<card_seat>("node");
  std::shared_ptr<actor_card> node = std::make_shared<actor_card>();
  rate_memory rates;

  void SetUp() override { root->taken(node, {}); }

  std::shared_ptr<actor_card> child(actor_card& owner, const std::string& name) {
    auto card = std::make_shared<actor_card>();
    owner.add_seat(name)->taken(card, {});
    return card;
  }

  std::vector<std::string> paths(const std::string& order) {
    auto rows = rows_of(root, rates);
    sort_rows(rows, order);
    std::vector<std::string> all;
    for (const auto& x : rows)
      all.push_back(x.path);
    return all;
  }
};

TEST_F(actor_rows, a_place_is_found_by_its_path_and_the_one_that_runs_wins) {
  child(*node, "keeper");
  node->seats()[0]->empty(seat_state::ended, "");
  const auto second = child(*node, "keeper");
  EXPECT_EQ(seat_at(root, "node/keeper")->look().card, second);
  EXPECT_EQ(seat_at(root, "node"), root);
  EXPECT_EQ(seat_at(root, "keeper"), nullptr);
  EXPECT_EQ(seat_at(root, "node/keeper/x"), nullptr);
  EXPECT_EQ(nearest_path(root, "node/keepr"), "node/keeper");
}

TEST_F(actor_rows, an_actor_is_of_its_own_kind_or_called_as_its_place) {
  child(*node, "round-live-4")->born(2, "round");
  child(*node, "disk_reader")->born(3, "scheduled_actor");
  const auto rows = rows_of(root, rates);
  EXPECT_EQ(rows[1].kind, "round");
  EXPECT_EQ(rows[2].kind, "disk_reader");
}

TEST_F(actor_rows, rows_sort_by_what_was_asked_for) {
  const auto a = child(*node, "a");
  const auto b = child(*node, "b");
  a->came();
  b->came();
  b->came();
  node->seats()[0]->restarted();
  EXPECT_EQ(paths("name"), (std::vector<std::string>{"node", "node/a", "node/b"}));
  EXPECT_EQ(paths("mailbox"), (std::vector<std::string>{"node/b", "node/a", "node"}));
  EXPECT_EQ(paths("restarts"), (std::vector<std::string>{"node/a", "node", "node/b"}));
}

TEST_F(actor_rows, a_rate_is_what_came_between_two_looks) {
  const auto* place = root.get();
  const rate_memory::time start{};
  rates.look(start + 100s);
  EXPECT_EQ(rates.rate(place, 50, 10), 5); // first seen: over its life
  rates.look(start + 101s);
  EXPECT_EQ(rates.rate(place, 70, 11), 20);
  rates.look(start + 101s + 100ms); // too soon for a new beginning
  EXPECT_NEAR(rates.rate(place, 81, 11), 31 / 1.1, 1e-9);
  rates.look(start + 103s);
  EXPECT_EQ(rates.rate(place, 90, 13), 10);
}

TEST_F(actor_rows, shares_of_time_are_upper_bounds) {
  card_counts counts;
  EXPECT_EQ(time_share_us(counts, 0.5), 0);
  counts.times[10] = 98;
  counts.times[30] = 2;
  // How long a tick lasts is measured anew each time; a bucket is twice the one before.
  EXPECT_NEAR(time_share_us(counts, 0.5) / time_share_us(counts, 0.98), 1, 0.5);
  EXPECT_LT(time_share_us(counts, 0.98), time_share_us(counts, 0.99));
}

TEST_F(actor_rows, lost_mail_is_told_where_it_was_lost) {
  const auto keeper = child(*node, "keeper");
  EXPECT_TRUE(lost_mail(root).empty());
  EXPECT_TRUE(keeper->tells_next_dead_letter());
  keeper->came_too_late("batch");
  keeper->nobody_wanted("@str");
  const auto rows = lost_mail(root);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].path, "node/keeper");
  EXPECT_EQ(rows[0].last_dead_letter, "batch");
  EXPECT_EQ(rows[0].unhandled, 1u);
}

TEST_F(actor_rows, an_actor_s_number_leads_to_its_path) {
  child(*node, "keeper")->born(17, "keeper");
  EXPECT_EQ(path_of_actor(root, 17), "node/keeper");
  EXPECT_EQ(path_of_actor(root, 18), "");
  EXPECT_EQ(path_of_actor(root, 0), "");
}

} // namespace
} // namespace sluice
