#include "actors/trading/module.hpp"
#include "io/config/config_file.hpp"
#include "rules/trading/dev_market.hpp"
#include "storage/trading/tables.hpp"
#include "tests/support/node_world.hpp"

namespace sluice::test {
namespace {

namespace tables = storage::tables;

const std::string world_config = R"(
name = "trading-dev"
seed = 1

[validator]
hotkey = "validator"
uid = 9

[weights]
shares = { trading = 1.0 }

[trading]
world_seed = 5
snapshot_every_s = 900

[[trading.feeds]]
name = "traders"
kind = "world"
)";

node_config config_of_world() {
  auto config = io::parse_config(world_config, "world.toml", sections_of(all_mechanisms()));
  if (!config)
    throw std::runtime_error(config.error().what);
  if (auto added = add_neurons_of(all_mechanisms(), *config); !added)
    throw std::runtime_error(added.error().what);
  return *std::move(config);
}

using trading_node = node_test;

TEST_F(trading_node, publishes_weights_from_the_first_step_on_and_they_change) {
  const auto end = run(config_of_world(), 16, "data", nullptr);
  ASSERT_TRUE(end.last);
  EXPECT_EQ(end.last->code, 0) << end.last->why;
  ASSERT_EQ(end.steps.size(), 16U);
  std::set<std::string> rows;
  for (const auto& step : end.steps) {
    ASSERT_TRUE(step.published);
    EXPECT_EQ(step.published->status, publish_status::confirmed) << step.published->reason;
    EXPECT_EQ(step.published->read_back, step.published->row);
    EXPECT_GE(step.published->row.size(), 3U);
    for (const auto& [uid, weight] : step.published->row)
      EXPECT_TRUE(uid >= 20 && uid <= dev_second_uid) << uid;
    std::string text;
    for (const auto& [uid, weight] : step.published->row)
      text += std::to_string(uid) + '=' + std::to_string(weight) + ' ';
    rows.insert(text);
  }
  EXPECT_GT(rows.size(), 1U);
}

TEST_F(trading_node, goes_on_where_it_was) {
  (void)run(config_of_world(), 2, "two", nullptr);
  const auto end = run(config_of_world(), 2, "two", nullptr);
  ASSERT_EQ(end.steps.size(), 2U);
  EXPECT_EQ(end.steps.front().number, 3U);
  (void)run(config_of_world(), 4, "four", nullptr);
  EXPECT_EQ(first_other_row(rows_in("four"), rows_in("two")), "");
}

TEST_F(trading_node, killed_at_any_message_it_has_the_same_ledger) {
  constexpr uint64_t steps = 3;
  size_t messages = 0;
  ASSERT_TRUE(
    run(config_of_world(), steps, "whole", nullptr, [&](actor_hunt&) { ++messages; }).last);
  const auto expected = rows_in("whole");
  ASSERT_GT(messages, 50U);
  size_t killed = 0;
  size_t n = 0;
  for (const auto* victim : {"trading", "storage_writer", "trading_sources"})
    for (size_t at = 5; at < messages; at += 11) {
      bool done = false;
      size_t seen = 0;
      const auto folder = "killed-" + std::to_string(n++);
      const auto end = run(config_of_world(), steps, folder, nullptr, [&](actor_hunt& hunt) {
        if (!done && ++seen > at)
          done = hunt.kill(victim);
      });
      killed += done ? 1 : 0;
      ASSERT_TRUE(end.last) << victim << " at " << at;
      EXPECT_EQ(end.last->code, 0) << victim << " at " << at << ": " << end.last->why;
      ASSERT_EQ(first_other_row(expected, rows_in(folder)), "") << victim << " at " << at;
    }
  EXPECT_GT(killed, 20U);
}

TEST_F(trading_node, in_any_order_of_delivery_it_has_the_same_ledger) {
  ASSERT_TRUE(run(config_of_world(), 3, "whole", nullptr).last);
  const auto expected = rows_in("whole");
  for (const unsigned seed : {1U, 2U, 3U, 4U, 5U}) {
    std::mt19937 rng{seed};
    const auto folder = "order-" + std::to_string(seed);
    ASSERT_TRUE(run(config_of_world(), 3, folder, &rng).last) << "seed " << seed;
    EXPECT_EQ(first_other_row(expected, rows_in(folder)), "") << "seed " << seed;
  }
}

TEST(trading_module, states_what_it_reads_and_whether_it_ends) {
  const auto config = config_of_world();
  const auto titles = trading_module().open_sources(config);
  ASSERT_TRUE(titles) << titles.error().what;
  EXPECT_EQ(*titles, std::vector<std::string>{"traders: generated traders, seed 5"});
  EXPECT_TRUE(trading_module().endless(config));
  EXPECT_EQ(trading_module().name(), "trading");
}

} // namespace
} // namespace sluice::test
