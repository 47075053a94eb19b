#include "actors/metrics/node_metrics.hpp"
#include "actors/observed/observed.hpp"
#include "actors/trading/metrics.hpp"
#include "actors/trading/module.hpp"
#include "tests/actors/trading/trading_world.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

namespace sluice::test {
namespace {

class trading_metrics : public trading_test {
protected:
  /// The page of a node whose mechanism has played two steps.
  std::vector<net::metric> page() {
    const auto root = std::make_shared<actor_slot>("node");
    const auto node = std::make_shared<actor_stats>();
    root->taken(node, {});
    {
      const spawn_watch watch;
      const auto actor = start(world_of_seed());
      node->add_slot("trading")->taken(watch.stats_of(caf::actor_cast<caf::actor>(actor).id()),
                                       actor.address());
      (void)ask<step_report>(actor, atom::step_v, uint64_t{1});
      (void)ask<step_report>(actor, atom::step_v, uint64_t{2});
    }
    const mechanism_module* const all[] = {&trading_module()};
    metrics_seen seen;
    return node_metrics({root, disk}, all, "0.1.0", seen);
  }

  static double value(const std::vector<net::metric>& all, const std::string& name,
                      const std::string& label = "") {
    for (const auto& x : all)
      if (x.name == name)
        for (const auto& point : x.points)
          if (label.empty() || (!point.labels.empty() && point.labels[0].second == label))
            return point.value;
    ADD_FAILURE() << "no " << name << " of " << label;
    return -1;
  }
};

TEST_F(trading_metrics, show_rows_events_positions_miners_and_limits) {
  const auto all = page();
  EXPECT_GT(value(all, "sluice_trading_rows_total"), 3'000);
  EXPECT_EQ(value(all, "sluice_trading_feed_rows_total", "traders"),
            value(all, "sluice_trading_rows_total"));
  EXPECT_EQ(value(all, "sluice_trading_duplicate_rows_total"), 0);
  EXPECT_GT(value(all, "sluice_trading_events", "applied"), 1'000);
  EXPECT_GT(value(all, "sluice_trading_events", "registered_subnet"), 0);
  EXPECT_GT(value(all, "sluice_trading_positions", "closed"), 100);
  EXPECT_GT(value(all, "sluice_trading_pnl_tao", "20"), 0);
  EXPECT_GT(value(all, "sluice_trading_weight", "20"), 0);
  EXPECT_EQ(value(all, "sluice_trading_weight", "25"), 0);
  const auto second_step
    = static_cast<double>(tools::dev_start_us) / static_cast<double>(us_per_second) + 1'800;
  EXPECT_EQ(value(all, "sluice_trading_scored_timestamp_seconds"), second_step);
  EXPECT_EQ(value(all, "sluice_trading_feed_synced_timestamp_seconds", "traders"), second_step);
  EXPECT_EQ(value(all, "sluice_trading_snapshot_timestamp_seconds"), second_step - 900);
  EXPECT_EQ(value(all, "sluice_trading_threshold", "failed_operations_per_hour"), 10);
  EXPECT_EQ(value(all, "sluice_trading_threshold", "cpu"), 0.85);
  EXPECT_EQ(value(all, "sluice_trading_failed_operations_total"), 0);
  EXPECT_GT(value(all, "sluice_trading_open_files"), 2);
  EXPECT_GT(value(all, "sluice_trading_memory_use"), 0);
  EXPECT_LE(value(all, "sluice_trading_disk_use"), 1);
}

TEST_F(trading_metrics, are_all_there_that_the_alert_rules_name) {
  std::set<std::string> there;
  std::set<std::string> limits;
  for (const auto& x : page()) {
    there.insert(x.name);
    if (x.name == "sluice_trading_threshold")
      for (const auto& point : x.points)
        limits.insert(point.labels.at(0).second);
    if (x.kind == net::metric_kind::histogram)
      for (const auto* end : {"_sum", "_count", "_bucket"})
        there.insert(x.name + end);
  }
  std::ifstream in{SOURCE_DIR "/configs/alerts/trading.yml"};
  std::ostringstream text;
  text << in.rdbuf();
  const auto rules = text.str();
  ASSERT_GT(rules.size(), 1'000U);
  const std::regex name{"sluice_[a-z_]+"};
  size_t named = 0;
  for (std::sregex_iterator i{rules.begin(), rules.end(), name}, end; i != end; ++i) {
    ++named;
    EXPECT_TRUE(there.contains((*i)[0].str())) << (*i)[0].str();
  }
  EXPECT_GT(named, 20U);
  const std::regex limit{R"re(sluice_trading_threshold\{name=["']([a-z_]+)["']\})re"};
  std::set<std::string> used;
  for (std::sregex_iterator i{rules.begin(), rules.end(), limit}, end; i != end; ++i)
    used.insert((*i)[1].str());
  EXPECT_EQ(used, limits); // every limit has a rule, every rule its limit
}

TEST_F(trading_metrics, an_empty_folder_has_none_of_them) {
  metric_list out;
  add_trading_metrics(out, *disk);
  EXPECT_TRUE(std::move(out).take().empty());
}

} // namespace
} // namespace sluice::test
