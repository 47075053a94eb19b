#include "actors/admin/actor_rows.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

using namespace std::chrono_literals;

class actor_rows : public ::testing::Test {
protected:
  std::shared_ptr<actor_slot> root = std::make_shared<actor_slot>("node");
  std::shared_ptr<actor_stats> node = std::make_shared<actor_stats>();
  rate_memory rates;

  void SetUp() override { root->taken(node, {}); }

  std::shared_ptr<actor_stats> child(actor_stats& owner, const std::string& name) {
    auto stats = std::make_shared<actor_stats>();
    owner.add_slot(name)->taken(stats, {});
    return stats;
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
  child(*node, "storage_writer");
  node->slots()[0]->empty(slot_state::ended, "");
  const auto second = child(*node, "storage_writer");
  EXPECT_EQ(slot_at(root, "node/storage_writer")->look().stats, second);
  EXPECT_EQ(slot_at(root, "node"), root);
  EXPECT_EQ(slot_at(root, "storage_writer"), nullptr);
  EXPECT_EQ(slot_at(root, "node/storage_writer/x"), nullptr);
  EXPECT_EQ(nearest_path(root, "node/storage_writr"), "node/storage_writer");
}

TEST_F(actor_rows, an_actor_is_of_its_own_kind_or_called_as_its_place) {
  child(*node, "round-live-4")->spawned(2, "round");
  child(*node, "disk_reader")->spawned(3, "scheduled_actor");
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
  node->slots()[0]->restarted();
  EXPECT_EQ(paths("name"), (std::vector<std::string>{"node", "node/a", "node/b"}));
  EXPECT_EQ(paths("mailbox"), (std::vector<std::string>{"node/b", "node/a", "node"}));
  EXPECT_EQ(paths("restarts"), (std::vector<std::string>{"node/a", "node", "node/b"}));
}

TEST_F(actor_rows, a_rate_is_what_came_between_two_looks) {
  const auto* place = root.get();
  const rate_memory::time start{};
  rates.look(start + 100s);
  EXPECT_EQ(rates.rate(place, 50, 10), 5); // first seen: over its lifetime
  rates.look(start + 101s);
  EXPECT_EQ(rates.rate(place, 70, 11), 20);
  rates.look(start + 101s + 100ms); // too soon for a new beginning
  EXPECT_NEAR(rates.rate(place, 81, 11), 31 / 1.1, 1e-9);
  rates.look(start + 103s);
  EXPECT_EQ(rates.rate(place, 90, 13), 10);
}

TEST_F(actor_rows, shares_of_time_are_upper_bounds) {
  actor_counts counts;
  EXPECT_EQ(time_share_us(counts, 0.5), 0);
  counts.times[10] = 98;
  counts.times[30] = 2;
  // How long a tick lasts is measured anew each time; a bucket is twice the one before.
  EXPECT_NEAR(time_share_us(counts, 0.5) / time_share_us(counts, 0.98), 1, 0.5);
  EXPECT_LT(time_share_us(counts, 0.98), time_share_us(counts, 0.99));
}

TEST_F(actor_rows, dead_letters_are_listed_where_they_were_lost) {
  const auto storage_writer = child(*node, "storage_writer");
  EXPECT_TRUE(lost_messages(root).empty());
  EXPECT_TRUE(storage_writer->records_next_dead_letter());
  storage_writer->came_too_late("batch");
  storage_writer->nobody_wanted("@str");
  const auto rows = lost_messages(root);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].path, "node/storage_writer");
  EXPECT_EQ(rows[0].last_dead_letter, "batch");
  EXPECT_EQ(rows[0].unhandled, 1u);
}

TEST_F(actor_rows, an_actor_s_number_leads_to_its_path) {
  child(*node, "storage_writer")->spawned(17, "storage_writer");
  EXPECT_EQ(path_of_actor(root, 17), "node/storage_writer");
  EXPECT_EQ(path_of_actor(root, 18), "");
  EXPECT_EQ(path_of_actor(root, 0), "");
}

} // namespace
} // namespace sluice
