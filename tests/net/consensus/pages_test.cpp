#include "net/consensus/pages.hpp"
#include "net/http/cached_body.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

namespace sluice::net {
namespace {

using nlohmann::json;

constexpr uint64_t pages_begin_ms = 1'756'123'230'000;

consensus_record record_of(uint16_t uid, consensus_state state, double stake, uint64_t newest_ms) {
  consensus_record x;
  x.uid = {uid};
  x.state = state;
  x.hotkey = "HOTKEY-" + std::to_string(uid);
  x.status.uid = x.uid;
  x.status.hotkey = x.hotkey;
  x.status.is_serving = true;
  x.status.stake = stake;
  x.validators = {48, 50};
  x.reports_used = 2;
  x.confidence = 0.9;
  x.newest_ms = x.changed_ms = newest_ms;
  return x;
}

class consensus_pages_test : public ::testing::Test {
protected:
  json body_of(const found_page& x) const {
    EXPECT_EQ(x.status, 200U) << x.detail;
    return x.page ? json::parse(x.page->plain()) : json{};
  }
  void put(std::vector<consensus_record> changed) { pages.put({std::move(changed), {}, 48, 1}); }

  std::shared_ptr<std::atomic<uint64_t>> now
    = std::make_shared<std::atomic<uint64_t>>(pages_begin_ms);
  consensus_pages pages{{}, [now = now] { return now->load(); }};
};

TEST_F(consensus_pages_test, are_not_there_before_they_are_opened) {
  EXPECT_EQ(pages.miner(1).status, 503U);
  EXPECT_EQ(pages.statistics().status, 503U);
  EXPECT_EQ(pages.health().status, 503U);
  EXPECT_EQ(body_of(pages.network_status())["network_status"]["total_miners"], 0);
  pages.open({{record_of(1, consensus_state::agreed, 5, *now)}, {}, {}, {}});
  EXPECT_EQ(body_of(pages.miner(1))["consensus_status"]["stake"], 5);
  pages.fail("disk full");
  EXPECT_EQ(pages.miner(1).status, 500U);
  EXPECT_EQ(pages.network_status().detail, "Failed to get miner status: disk full");
  pages.close();
  EXPECT_EQ(pages.miner(1).status, 503U);
  EXPECT_EQ(body_of(pages.network_status())["network_status"]["total_miners"], 0);
}

TEST_F(consensus_pages_test, are_made_once_per_change) {
  pages.open({});
  put({record_of(1, consensus_state::agreed, 5, *now),
       record_of(2, consensus_state::agreed, 6, *now)});
  const auto first = pages.miner(1).page, other = pages.miner(2).page,
             all = pages.network_status().page;
  *now += 1000;
  EXPECT_EQ(pages.miner(1).page, first) << "the very same bytes";
  EXPECT_EQ(pages.network_status().page, all);
  put({record_of(1, consensus_state::agreed, 7, *now)});
  EXPECT_EQ(body_of(pages.miner(1))["consensus_status"]["stake"], 7);
  EXPECT_EQ(pages.miner(2).page, other);
  EXPECT_EQ(body_of(pages.network_status())["network_status"]["total_stake"], 13);
  EXPECT_NE(pages.miner(1).page->plain_form().etag, first->plain_form().etag);
}

TEST_F(consensus_pages_test, are_made_anew_when_they_are_old) {
  pages.open({{record_of(1, consensus_state::agreed, 5, *now)}, {}, {}, {}});
  EXPECT_EQ(body_of(pages.miner(1))["timestamp"], "2025-08-25T12:00:30.000000Z");
  *now += consensus_settings{}.cache_s * 1000 - 1;
  EXPECT_EQ(body_of(pages.miner(1))["timestamp"], "2025-08-25T12:00:30.000000Z");
  *now += 1;
  EXPECT_EQ(body_of(pages.miner(1))["timestamp"], "2025-08-25T12:01:30.000000Z");
}

TEST_F(consensus_pages_test, know_what_is_stale_before_anybody_says_so) {
  pages.open({{record_of(1, consensus_state::agreed, 5, *now)}, {}, {}, {}});
  *now += 290'000;
  const auto before = pages.network_status();
  *now += 10'000; // the window is over at the end of this millisecond
  EXPECT_EQ(pages.miner(1).status, 200U);
  *now += 1;
  EXPECT_EQ(pages.miner(1).status, 404U);
  const auto stale = body_of(pages.network_status());
  EXPECT_NE(before.page, nullptr);
  EXPECT_EQ(stale["processing_mode"], "individual");
  EXPECT_EQ(stale["miners"][0]["consensus_state"], "stale");
  *now = pages_begin_ms + 900'000;
  EXPECT_EQ(body_of(pages.network_status())["miners"].size(), 1U);
  *now += 1;
  const auto gone = body_of(pages.network_status());
  EXPECT_EQ(gone["miners"].size(), 0U);
  EXPECT_EQ(gone["stale_miners_filtered"], 1);
  put({record_of(1, consensus_state::none, 0, 0)});
  EXPECT_EQ(body_of(pages.network_status())["stale_miners_filtered"], 1);
}

TEST_F(consensus_pages_test, serve_only_records_with_a_quorum) {
  pages.open({});
  auto conflicted = record_of(3, consensus_state::conflicted, 1, *now);
  conflicted.conflicts = {"is_serving"};
  conflicted.conflict_ratio = 0.5;
  put({record_of(1, consensus_state::pending, 1, *now),
       record_of(2, consensus_state::stale, 1, *now), conflicted});
  EXPECT_EQ(pages.miner(1).status, 404U);
  EXPECT_EQ(pages.miner(2).status, 404U);
  EXPECT_EQ(pages.miner(3).status, 200U);
  const auto status = body_of(pages.miner(3))["consensus_status"];
  EXPECT_EQ(status["consensus_state"], "conflicted");
  EXPECT_EQ(status["conflicts_detected"], json::array({"is_serving"}));
  EXPECT_EQ(pages.miner(65535).detail, "No consensus status found for miner 65535");
  EXPECT_EQ(body_of(pages.network_status())["miners"].size(), 3U);
}

TEST_F(consensus_pages_test, show_no_field_of_a_report_in_place_of_their_own) {
  pages.open({});
  auto x = record_of(1, consensus_state::agreed, 1, *now);
  x.status.extra = {{"consensus_confidence", "7"}, {"epoch", "8"}, {"flavour", R"({"a":[1]})"}};
  put({x});
  const auto text = pages.miner(1).page->plain();
  const auto status = json::parse(text)["consensus_status"];
  EXPECT_EQ(status["consensus_confidence"], 0.9);
  EXPECT_EQ(status["flavour"], (json{{"a", {1}}}));
  EXPECT_TRUE(status["ip"].is_null()) << "nobody reports it";
  EXPECT_EQ(text.find("consensus_confidence"), text.rfind("consensus_confidence"));
}

TEST_F(consensus_pages_test, list_the_miners_that_tasks_may_go_to) {
  pages.open({});
  auto absent = record_of(2, consensus_state::agreed, 1, *now);
  absent.status.is_serving = false;
  auto one = record_of(1, consensus_state::agreed, 1, *now);
  one.status.performance_score = 0.5;
  one.status.current_load = 1;
  one.status.max_capacity = 5;
  put({one, absent});
  const auto got = body_of(pages.miners());
  ASSERT_EQ(got["miners"].size(), 1U);
  EXPECT_EQ(got["miners"][0]["uid"], 1);
  // 0.5 (1 - 1/5) + 0.2 * 0.9
  EXPECT_NEAR(got["miners"][0]["availability"].get<double>(), 0.58, 1e-9);
}

TEST_F(consensus_pages_test, times_are_utc) {
  EXPECT_EQ(utc_text(0), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(utc_text(951'782'400'001), "2000-02-29T00:00:00.001000Z");
  EXPECT_EQ(utc_text(~uint64_t{0}), "9999-12-31T23:59:59.999000Z");
}

/// Every update has all 64 miners with the same stake: whoever reads sees one update, whole.
TEST_F(consensus_pages_test, never_show_a_part_of_an_update) {
  pages.open({});
  const auto update = [&](uint64_t stake) {
    std::vector<consensus_record> all;
    for (uint16_t uid = 0; uid < 64; ++uid)
      all.push_back(record_of(uid, consensus_state::agreed, static_cast<double>(stake), *now));
    return all;
  };
  put(update(1));
  std::atomic<bool> ended = false;
  std::thread writer{[&] {
    for (uint64_t i = 2; i <= 300; ++i)
      put(update(i));
    ended = true;
  }};
  double last = 0;
  size_t seen = 0;
  while (!ended || seen == 0) {
    const auto all = json::parse(pages.network_status().page->plain());
    const auto stake = all["miners"][0]["stake"].get<double>();
    for (const auto& x : all["miners"])
      ASSERT_EQ(x["stake"], stake);
    ASSERT_GE(stake, last) << "never backwards";
    last = stake;
    ++seen;
  }
  writer.join();
  EXPECT_EQ(json::parse(pages.network_status().page->plain())["miners"][0]["stake"], 300);
}

} // namespace
} // namespace sluice::net
