#include "storage/data_dir.hpp"
#include "storage/leads/queues.hpp"
#include "storage/leads/tables.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace sluice::storage {
namespace {

class lead_queue_tables : public ::testing::Test {
protected:
  data_dir open() const {
    const std::array parts{leads_schema()};
    const auto layout = schema_with(parts);
    auto opened = data_dir::open(temp.path() / "data", {"0.3.0", 1, ""},
                                 open_mode::create_or_continue, {.layout = &layout});
    if (!opened)
      throw std::runtime_error(opened.error().what);
    return *std::move(opened);
  }

  static void store(data_dir& disk, const queue_changes& changes) {
    batch all;
    add_changes(all, changes);
    const auto done = disk.commit(all);
    ASSERT_TRUE(done) << done.error().what;
  }

  static std::vector<lead> two_leads() {
    lead x;
    x.owner_email = "ada@company.test";
    x.created_at = lead_time::of_number(1.5);
    x.conversion_score = 0.25;
    return {x, {}};
  }

  test::temp_folder temp;
};

TEST_F(lead_queue_tables, are_part_of_the_mechanisms_schema) {
  const auto schema = leads_schema();
  for (const auto& x : queue_tables())
    EXPECT_NE(std::ranges::find(schema.tables, x), schema.tables.end()) << x.name;
}

TEST_F(lead_queue_tables, continue_where_a_killed_process_was) {
  const hotkey miner{"miner"}, validator{"validator"};
  std::string lease, request;
  {
    auto disk = open();
    lead_queues queues;
    queue_changes changes;
    ASSERT_TRUE(queues.add_prospects({{miner, "body"}, two_leads()}, 1000, changes));
    request = *queues.add_request({{{}, "other"}, lead_queue::requests, 3, "any"}, 2000, changes);
    lease = queues.fetch({{validator, ""}, lead_queue::prospects, 1}, 3000, changes).at(0).lease;
    store(disk, changes);
  }
  auto disk = open();
  auto queues = read_queues(disk, {});
  ASSERT_TRUE(queues) << queues.error().what;
  queue_changes changes;
  EXPECT_EQ(*queues->add_prospects({{miner, "body"}, two_leads()}, 4000, changes), 2U);
  EXPECT_TRUE(changes.items.empty()) << "the body is remembered";
  EXPECT_TRUE(queues->fetch({{miner, ""}, lead_queue::prospects, 1}, 4000, changes).empty());
  EXPECT_EQ(queues->acknowledge({{validator, ""}, lead_queue::prospects, lease}, 4000, changes),
            1U);
  ASSERT_TRUE(queues->finish({{validator, "third"}, lead_queue::requests, request, two_leads()},
                             5000, changes));
  store(disk, changes);
  size_t left = 0;
  ASSERT_TRUE(tables::lead_queue_items.for_each(disk, [&](const auto&, const auto&) { ++left; }));
  EXPECT_EQ(left, 0U);
  const auto answer = tables::lead_answers.get(disk, request);
  ASSERT_TRUE(answer) << answer.error().what;
  EXPECT_EQ(answer->leads, two_leads());
  EXPECT_EQ(answer->created_ms, 5000U);
}

TEST_F(lead_queue_tables, hand_out_again_what_was_leased_before_the_end) {
  {
    auto disk = open();
    lead_queues queues;
    queue_changes changes;
    ASSERT_TRUE(queues.add_prospects({{{"a"}, "body"}, two_leads()}, 0, changes));
    ASSERT_EQ(queues.fetch({{{"v"}, ""}, lead_queue::prospects, 1}, 0, changes).size(), 1U);
    store(disk, changes);
  }
  auto disk = open();
  auto queues = read_queues(disk, {});
  ASSERT_TRUE(queues);
  queue_changes changes;
  const auto again
    = queues->fetch({{{"w"}, ""}, lead_queue::prospects, 1}, queue_terms{}.lease.lease_ms, changes);
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].deliveries, 2U);
  EXPECT_EQ(again[0].leads, two_leads());
}

TEST_F(lead_queue_tables, keep_the_shares_of_validators) {
  auto disk = open();
  batch all;
  tables::lead_validator_weights.put(all, {"v"}, {{{"a", 0.25}, {"b", 0.75}}, 7});
  ASSERT_TRUE(disk.commit(all));
  const auto read = tables::lead_validator_weights.get(disk, {"v"});
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, (stored_weights{{{"a", 0.25}, {"b", 0.75}}, 7}));
}

} // namespace
} // namespace sluice::storage
