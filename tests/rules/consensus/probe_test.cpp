#include "rules/consensus/probe.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <random>

namespace sluice {
namespace {

using probe_json = nlohmann::json;

constexpr uint64_t seen_ms = 1'767'225'600'999; // 2026-01-01T00:00:00.999Z

probe_subject subject(uint16_t uid, std::string host = "") {
  probe_subject x;
  x.uid = uid;
  x.hotkey = "miner-" + std::to_string(uid);
  x.stake_rao = 1'000'500'000'000;
  x.port = host.empty() ? 0 : 8091;
  x.host = std::move(host);
  return x;
}

TEST(probe, measures_the_miners_of_the_metagraph_and_nobody_else) {
  const std::vector<neuron> metagraph{{{9}, {"m9"}, 5, false},
                                      {{1}, {"validator"}, 9, true},
                                      {{2}, {"own"}, 9, false},
                                      {{3}, {"m3"}, 7, false}};
  const std::vector<report_axon> axons{
    {"m9", "[::1]:8091"}, {"m3", "no address:x"}, {"gone", "a:1"}};
  const auto all = probe_subjects(metagraph, "own", axons, {{"m3", false}});
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].uid, 3);
  EXPECT_EQ(all[0].host, "");
  EXPECT_EQ(all[0].connected, false);
  EXPECT_EQ(all[1].hotkey, "m9");
  EXPECT_EQ(all[1].host, "::1");
  EXPECT_EQ(all[1].port, 8091);
  EXPECT_EQ(all[1].stake_rao, 5U);
  EXPECT_EQ(all[1].connected, std::nullopt);
}

TEST(probe, knows_what_miners_hold_that_work_here_and_of_nobody_else) {
  auto here = subject(1), gone = subject(2), elsewhere = subject(3), busy = subject(4);
  here.connected = true;
  gone.connected = false;
  std::vector all{here, gone, elsewhere, busy};
  add_loads(all, {{4, 2}, {9, 1}});
  EXPECT_EQ(all[0].in_flight, 0U);
  EXPECT_EQ(all[1].in_flight, std::nullopt);
  EXPECT_EQ(all[2].in_flight, std::nullopt);
  EXPECT_EQ(all[3].in_flight, 2U);
}

TEST(probe, leaves_out_what_was_not_measured) {
  const auto list = probe_book{}.list(std::vector{subject(7)}, 1000);
  EXPECT_EQ(list.json, R"([{"uid":7,"hotkey":"miner-7","stake":1000.5}])");
  EXPECT_EQ(list.items, 1U);
  EXPECT_EQ(list.serving, 0U);
}

TEST(probe, states_what_it_found) {
  probe_book book;
  auto a = subject(7, "10.0.0.7");
  a.in_flight = 2;
  book.observe(7, "miner-7", {true, 250'000}, seen_ms);
  book.observe(8, "miner-8", {true, 1'000}, seen_ms - 5'000);
  book.observe(8, "miner-8", {false, {}}, seen_ms);
  auto c = subject(9);
  c.connected = true;
  const auto list = book.list(std::vector{a, subject(8, "10.0.0.8"), c}, 1000);
  auto items = probe_json::parse(list.json);
  EXPECT_NEAR(items[0].at("performance_score").get<double>(), (0.4 + 0.2 + 0.3 * 0.75) / 0.9,
              1e-12);
  items[0].erase("performance_score");
  EXPECT_EQ(items[0], (probe_json{{"uid", 7},
                                  {"hotkey", "miner-7"},
                                  {"stake", 1000.5},
                                  {"ip", "10.0.0.7"},
                                  {"port", 8091},
                                  {"is_serving", true},
                                  {"current_load", 2},
                                  {"last_seen", "2026-01-01T00:00:00Z"}}));
  EXPECT_EQ(items[1].at("is_serving"), false);
  EXPECT_EQ(items[1].at("last_seen"), "2025-12-31T23:59:55Z");
  EXPECT_NEAR(items[1].at("performance_score").get<double>(),
              (0.4 * 0.5 + 0.2 * 0.5 + 0.3 * 0.999) / 0.9, 1e-12);
  EXPECT_EQ(
    items[2],
    (probe_json{{"uid", 9}, {"hotkey", "miner-9"}, {"stake", 1000.5}, {"is_serving", true}}));
  EXPECT_EQ(list.serving, 2U);
}

TEST(probe, a_uid_that_another_hotkey_takes_over_begins_anew) {
  probe_book book;
  book.observe(7, "miner-7", {true, 1}, seen_ms);
  auto other = subject(7, "10.0.0.7");
  other.hotkey = "another";
  EXPECT_EQ(probe_json::parse(book.list(std::vector{other}, 1000).json)[0].count("is_serving"), 0U);
  ASSERT_NE(book.find(7, "miner-7"), nullptr);
  book.keep(std::vector{other});
  EXPECT_EQ(book.find(7, "miner-7"), nullptr);
}

/// Against the formula written out over all outcomes that are kept.
TEST(probe, performance_is_the_weighted_mean_of_what_was_measured) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 chance{seed};
  EXPECT_EQ(probe_performance({}, 1000), std::nullopt);
  for (int run = 0; run < 300; ++run) {
    probe_book book;
    std::vector<probe_outcome> all;
    const bool timed = chance() % 3 != 0;
    const auto n = 1 + chance() % 50;
    for (uint64_t i = 0; i < n; ++i) {
      probe_outcome x{chance() % 4 != 0, {}};
      if (x.reached && timed)
        x.latency_us = 1 + chance() % 2'000'000;
      all.push_back(x);
      book.observe(1, "m", x, seen_ms + i);
    }
    if (all.size() > probe_outcomes_max)
      all.erase(all.begin(), all.end() - probe_outcomes_max);
    double reached = 0, recent = 0, latency = 0;
    for (size_t i = 0; i < all.size(); ++i) {
      reached += all[i].reached;
      recent += all[i].reached && i + 5 >= all.size();
      latency += static_cast<double>(all[i].latency_us.value_or(0)) / 1e6;
    }
    const auto total = static_cast<double>(all.size());
    const double base = 0.4 * reached / total + 0.2 * recent / std::min(total, 5.0);
    const double expected = reached == 0 ? 0
                            : !timed     ? base / 0.6
                                     : (base + 0.3 * std::max(0.0, 1 - latency / reached)) / 0.9;
    const auto got = probe_performance(*book.find(1, "m"), 1000);
    ASSERT_TRUE(got);
    EXPECT_NEAR(*got, expected, 1e-12);
  }
}

TEST(probe, a_list_stays_within_its_bytes_and_counts_who_had_no_space) {
  std::vector<probe_subject> many;
  for (uint16_t uid = 0; uid < 4096; ++uid) {
    many.push_back(subject(uid, "203.0.113.77"));
    many.back().hotkey.assign(200, 'k');
  }
  const auto list = probe_book{}.list(many, 1000);
  EXPECT_LE(list.json.size(), probe_list_bytes_max);
  EXPECT_GT(list.left_out, 0U);
  EXPECT_EQ(list.items + list.left_out, many.size());
  EXPECT_EQ(probe_json::parse(list.json).size(), list.items);
}

TEST(probe, amounts_are_exact_and_times_are_utc) {
  EXPECT_EQ(tao_text(0), "0");
  EXPECT_EQ(tao_text(1), "0.000000001");
  EXPECT_EQ(tao_text(1'000'000'000), "1");
  EXPECT_EQ(tao_text(1'000'500'000'000), "1000.5");
  EXPECT_EQ(tao_text(UINT64_MAX), "18446744073.709551615");
  EXPECT_EQ(last_seen_text(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(last_seen_text(1'709'209'845'678), "2024-02-29T12:30:45Z");
}

} // namespace
} // namespace sluice
