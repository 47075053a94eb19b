#include "rules/leads/flow.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string>

namespace sluice {
namespace {

using kind = flow_action::kind;

constexpr uint64_t flow_start = 1'000'000'000;

flow_terms lead_terms(uint64_t spacing_ms = 0) {
  flow_terms made;
  made.spacing_ms = spacing_ms;
  return made;
}

std::string names_of(const flow_actions& all) {
  std::string text;
  for (const auto& x : all) {
    text += text.empty() ? "" : " ";
    switch (x.what) {
    case kind::store:
      text += "store" + std::to_string(x.request);
      break;
    case kind::reply:
      text += "reply" + std::to_string(x.request);
      break;
    case kind::reply_error:
      text += "error" + std::to_string(x.request);
      break;
    case kind::publish:
      text += "publish" + std::to_string(x.number) + ":" + std::string{name_of(x.trigger)};
      break;
    case kind::pause_sourced:
      text += "pause";
      break;
    case kind::resume_sourced:
      text += "resume";
      break;
    }
  }
  return text;
}

/// One that has published at the start.
curation_flow idle_flow(uint64_t spacing_ms = 0) {
  curation_flow flow{lead_terms(spacing_ms), {}, flow_start};
  EXPECT_EQ(names_of(flow.tick(flow_start)), "publish1:start");
  EXPECT_EQ(names_of(flow.publish_ended(1, publish_end::done, flow_start)), "");
  return flow;
}

TEST(curation_flow, stores_replies_publishes_and_resumes) {
  auto flow = idle_flow();
  EXPECT_EQ(flow.state(), curation_state::idle);
  EXPECT_EQ(names_of(flow.curated(7, flow_start + 1)), "pause store7");
  EXPECT_EQ(flow.state(), curation_state::storing);
  EXPECT_EQ(names_of(flow.stored(7, flow_start + 2)), "reply7");
  EXPECT_TRUE(flow.record().pending);
  EXPECT_EQ(names_of(flow.replied(7, flow_start + 3)), "publish2:curated");
  EXPECT_EQ(flow.state(), curation_state::publishing);
  EXPECT_FALSE(flow.sourced_may_run());
  EXPECT_EQ(names_of(flow.publish_ended(2, publish_end::done, flow_start + 4)), "resume");
  EXPECT_EQ(flow.state(), curation_state::idle);
  EXPECT_FALSE(flow.record().pending);
  EXPECT_EQ(flow.wake_ms(), flow_start + 4 + 3'600'000); // the timer began again
}

TEST(curation_flow, publishes_nothing_of_what_could_not_be_stored) {
  auto flow = idle_flow();
  flow.curated(7, flow_start + 1);
  EXPECT_EQ(names_of(flow.store_failed(7, flow_start + 2)), "error7 resume");
  EXPECT_EQ(flow.record().attempts, 1U);
  EXPECT_EQ(flow.wake_ms(), flow_start + 3'600'000);
}

TEST(curation_flow, waits_by_the_timer_and_longer_after_each_failure) {
  curation_flow flow{lead_terms(), {}, flow_start};
  uint64_t now = flow_start;
  uint64_t attempt = 0;
  const std::vector<std::pair<publish_end, uint64_t>> outcomes{
    {publish_end::done, 3600},    {publish_end::failed, 600},  {publish_end::failed, 1200},
    {publish_end::failed, 2400},  {publish_end::failed, 3600}, {publish_end::failed, 3600},
    {publish_end::skipped, 3600}, {publish_end::failed, 600},  {publish_end::done, 3600}};
  for (const auto& [outcome, pause_s] : outcomes) {
    EXPECT_EQ(flow.tick(now).size(), 1U);
    flow.publish_ended(++attempt, outcome, now);
    EXPECT_EQ(flow.wake_ms(), now + pause_s * 1000);
    EXPECT_EQ(names_of(flow.tick(flow.wake_ms() - 1)), "");
    now = flow.wake_ms();
  }
  const auto last = flow.tick(now);
  EXPECT_EQ(names_of(last), "publish10:timer");
}

TEST(curation_flow, covers_overlapping_requests_with_one_publish) {
  auto flow = idle_flow();
  EXPECT_EQ(names_of(flow.curated(1, flow_start)), "pause store1");
  EXPECT_EQ(names_of(flow.curated(2, flow_start)), "store2");
  EXPECT_EQ(names_of(flow.stored(1, flow_start)), "reply1");
  EXPECT_EQ(names_of(flow.replied(1, flow_start)), "") << "2 is not answered";
  EXPECT_EQ(names_of(flow.stored(2, flow_start)), "reply2");
  EXPECT_EQ(names_of(flow.replied(2, flow_start)), "publish2:curated");
  // a third one while the publish is under way asks for another
  EXPECT_EQ(names_of(flow.curated(3, flow_start)), "store3");
  flow.stored(3, flow_start);
  EXPECT_EQ(names_of(flow.replied(3, flow_start)), "");
  EXPECT_EQ(flow.state(), curation_state::replied);
  EXPECT_EQ(names_of(flow.publish_ended(2, publish_end::done, flow_start)), "publish3:curated");
  EXPECT_EQ(names_of(flow.publish_ended(3, publish_end::done, flow_start)), "resume");
}

TEST(curation_flow, gives_an_attempt_up_after_the_bound_and_believes_its_late_success) {
  auto flow = idle_flow();
  flow.curated(1, flow_start);
  flow.stored(1, flow_start);
  flow.replied(1, flow_start);
  EXPECT_EQ(flow.wake_ms(), flow_start + 120'000);
  EXPECT_EQ(names_of(flow.tick(flow_start + 119'999)), "");
  EXPECT_EQ(names_of(flow.tick(flow_start + 120'000)), "resume");
  EXPECT_TRUE(flow.record().pending);
  EXPECT_EQ(flow.record().failures, 1U);
  EXPECT_EQ(flow.wake_ms(), flow_start + 120'000 + 600'000);
  EXPECT_EQ(names_of(flow.publish_ended(2, publish_end::done, flow_start + 130'000)), "");
  EXPECT_FALSE(flow.record().pending);
  EXPECT_EQ(flow.record().failures, 0U);
  EXPECT_EQ(flow.wake_ms(), flow_start + 130'000 + 3'600'000);
}

TEST(curation_flow, retries_what_a_failure_left_pending) {
  auto flow = idle_flow();
  flow.curated(1, flow_start);
  flow.stored(1, flow_start);
  flow.replied(1, flow_start);
  EXPECT_EQ(names_of(flow.publish_ended(2, publish_end::failed, flow_start + 5)), "resume");
  EXPECT_TRUE(flow.record().pending);
  EXPECT_EQ(names_of(flow.tick(flow_start + 5 + 600'000)), "publish3:retry");
  EXPECT_TRUE(flow.sourced_may_run()) << "nobody waits for a retry";
  flow.publish_ended(3, publish_end::done, flow_start + 700'000);
  EXPECT_FALSE(flow.record().pending);
}

TEST(curation_flow, defers_by_the_spacing_and_lets_sourced_leads_go_on_after_the_bound) {
  auto flow = idle_flow(1'200'000);
  flow.curated(1, flow_start + 1000);
  flow.stored(1, flow_start + 1000);
  EXPECT_EQ(names_of(flow.replied(1, flow_start + 1000)), "");
  EXPECT_EQ(flow.state(), curation_state::replied);
  EXPECT_EQ(flow.wake_ms(), flow_start + 1000 + 120'000);
  EXPECT_EQ(names_of(flow.tick(flow.wake_ms())), "resume");
  EXPECT_EQ(flow.wake_ms(), flow_start + 1'200'000);
  // another one does not close the gate for longer than it takes to store and reply
  EXPECT_EQ(names_of(flow.curated(2, flow_start + 600'000)), "pause store2");
  flow.stored(2, flow_start + 600'000);
  EXPECT_EQ(names_of(flow.replied(2, flow_start + 600'000)), "resume");
  EXPECT_EQ(names_of(flow.tick(flow_start + 1'200'000)), "publish2:curated");
}

TEST(curation_flow, holds_new_requests_back_only_while_a_publish_is_overdue) {
  auto flow = idle_flow();
  uint64_t now = flow_start;
  uint64_t request = 1;
  flow.curated(request, now);
  flow.stored(request, now);
  for (; now < flow_start + 120'000; now += 10'000) { // each begins before the last is answered
    EXPECT_EQ(names_of(flow.curated(request + 1, now)), "store" + std::to_string(request + 1));
    flow.stored(request + 1, now);
    flow.replied(request++, now);
  }
  EXPECT_EQ(names_of(flow.curated(100, now)), "");
  EXPECT_EQ(flow.held(), 1U);
  EXPECT_EQ(names_of(flow.replied(request, now)), "publish2:curated store100");
  EXPECT_EQ(flow.held(), 0U);
}

TEST(curation_flow, publishes_when_an_operator_asks) {
  auto flow = idle_flow();
  EXPECT_EQ(names_of(flow.publish_wanted(flow_start + 9)), "publish2:operator");
  EXPECT_TRUE(flow.sourced_may_run());
}

TEST(curation_flow, goes_on_from_what_was_remembered) {
  const flow_record before{41, 3, flow_start - 100'000, true};
  curation_flow flow{lead_terms(1'200'000), before, flow_start};
  EXPECT_EQ(names_of(flow.tick(flow_start)), "") << "the chain took one 100 s ago";
  EXPECT_EQ(flow.wake_ms(), flow_start + 1'100'000);
  EXPECT_EQ(names_of(flow.tick(flow.wake_ms())), "publish42:start");
  flow.publish_ended(42, publish_end::failed, flow.wake_ms());
  EXPECT_EQ(flow.record().failures, 4U);
  // a clock that was put back does not keep it waiting for longer than the spacing
  curation_flow later{lead_terms(1'200'000), {1, 0, flow_start + 9'000'000, false}, flow_start};
  EXPECT_EQ(later.wake_ms(), flow_start + 1'200'000);
}

TEST(curation_flow, ignores_what_does_not_fit) {
  auto flow = idle_flow();
  EXPECT_EQ(names_of(flow.stored(5, flow_start)), "");
  EXPECT_EQ(names_of(flow.replied(5, flow_start)), "");
  EXPECT_EQ(names_of(flow.store_failed(5, flow_start)), "");
  EXPECT_EQ(names_of(flow.publish_ended(9, publish_end::done, flow_start)), "");
  EXPECT_EQ(names_of(flow.curated(5, flow_start)), "pause store5");
  EXPECT_EQ(names_of(flow.curated(5, flow_start)), "") << "once";
  EXPECT_EQ(names_of(flow.replied(5, flow_start)), "") << "not before it is stored";
  EXPECT_EQ(flow_terms_of({}).spacing_ms, 1'200'000U);
}

// ---- every sequence of events -------------------------------------------------------------------

/// A second model: what a watcher of events and actions knows. It fails on what must not be.
class flow_watcher {
public:
  void see(const flow_actions& all, uint64_t now) {
    for (const auto& x : all)
      switch (x.what) {
      case kind::store:
        EXPECT_TRUE(storing.insert(x.request).second);
        break;
      case kind::reply:
        EXPECT_TRUE(stored.contains(x.request)) << "replied before it was stored";
        replying.insert(x.request);
        break;
      case kind::reply_error:
        EXPECT_FALSE(stored.contains(x.request));
        break;
      case kind::publish:
        EXPECT_TRUE(replying.empty()) << "published before the buyer was answered";
        EXPECT_FALSE(open != 0 && now < began + 120'000) << "two publishes at a time";
        EXPECT_GE(now, taken ? *taken + spacing : 0) << "before the chain takes another";
        open = x.number;
        began = now;
        uncovered.clear();
        break;
      case kind::pause_sourced:
        EXPECT_FALSE(paused);
        paused = true;
        break;
      case kind::resume_sourced:
        EXPECT_TRUE(paused);
        paused = false;
        break;
      }
  }

  uint64_t spacing = 0;
  std::set<uint64_t> storing;   // asked to be stored, not known how it ended
  std::set<uint64_t> stored;    // on the disk
  std::set<uint64_t> replying;  // asked to be answered, not answered
  std::set<uint64_t> uncovered; // answered, and no publish began since
  uint64_t open = 0;
  uint64_t began = 0;
  std::optional<uint64_t> taken;
  bool paused = false;
};

/// A flow, its watcher and the time, as one value that can be tried in every way.
struct flow_world {
  curation_flow flow;
  flow_watcher watcher;
  uint64_t now = flow_start;
  uint64_t curated = 0;

  void seen(const flow_actions& all) {
    watcher.see(all, now);
    EXPECT_EQ(watcher.paused, flow.state() != curation_state::idle) << "the gate";
    EXPECT_EQ(flow.sourced_may_run(), !watcher.paused);
    EXPECT_LE(flow.held() + flow.under_way(), curated);
  }

  void come() { seen(flow.curated(++curated, now)); }
  void store(uint64_t x, bool good) {
    watcher.storing.erase(x);
    if (good)
      watcher.stored.insert(x);
    seen(good ? flow.stored(x, now) : flow.store_failed(x, now));
  }
  void reply(uint64_t x) {
    watcher.replying.erase(x);
    watcher.uncovered.insert(x);
    seen(flow.replied(x, now));
  }
  void end(publish_end how) {
    const auto number = watcher.open;
    watcher.open = 0;
    if (how == publish_end::done)
      watcher.taken = now;
    seen(flow.publish_ended(number, how, now));
  }
  void pass_until(uint64_t ms) {
    now = std::max(now, ms);
    if (watcher.open != 0 && now >= watcher.began + 120'000) {
      watcher.open = 0;
      watcher.taken = now; // perhaps
    }
    seen(flow.tick(now));
  }

  /// Everything under way ends well: then nothing may be left that no publish covers.
  void expect_nothing_is_lost() {
    const auto all_covered = [this] {
      return watcher.uncovered.empty() && flow.state() == curation_state::idle
             && !flow.publish_open() && !flow.record().pending;
    };
    for (int i = 0; i < 20 && !all_covered(); ++i) {
      while (!watcher.storing.empty())
        store(*watcher.storing.begin(), true);
      while (!watcher.replying.empty())
        reply(*watcher.replying.begin());
      if (watcher.open != 0)
        end(publish_end::done);
      else if (flow.wake_ms() != UINT64_MAX)
        pass_until(flow.wake_ms());
    }
    EXPECT_TRUE(watcher.uncovered.empty()) << "a trigger was lost";
    EXPECT_EQ(flow.state(), curation_state::idle);
    EXPECT_FALSE(flow.record().pending);
  }
};

uint64_t try_all(const flow_world& from, int events, const std::string& before) {
  if (testing::Test::HasFailure())
    return 0;
  flow_world ending = from;
  {
    SCOPED_TRACE(before);
    ending.expect_nothing_is_lost();
  }
  if (events == 0)
    return 1;
  uint64_t tried = 1;
  const auto go = [&](const std::string& name, const auto& event) {
    flow_world next = from;
    SCOPED_TRACE(before + " " + name);
    event(next);
    tried += try_all(next, events - 1, before + " " + name);
  };
  if (from.curated < 3)
    go("come", [](flow_world& x) { x.come(); });
  for (const auto one : from.watcher.storing) {
    go("stored" + std::to_string(one), [one](flow_world& x) { x.store(one, true); });
    go("store_failed" + std::to_string(one), [one](flow_world& x) { x.store(one, false); });
  }
  for (const auto one : from.watcher.replying)
    go("replied" + std::to_string(one), [one](flow_world& x) { x.reply(one); });
  if (from.watcher.open != 0)
    for (const auto how : {publish_end::done, publish_end::failed, publish_end::skipped})
      go(std::string{name_of(how)}, [how](flow_world& x) { x.end(how); });
  if (from.flow.wake_ms() != UINT64_MAX && from.flow.wake_ms() > from.now)
    go("wake", [](flow_world& x) { x.pass_until(x.flow.wake_ms()); });
  go("minutes", [](flow_world& x) { x.pass_until(x.now + 125'000); });
  return tried;
}

TEST(curation_flow, keeps_its_promises_over_every_sequence_of_events) {
  for (const uint64_t spacing : {uint64_t{0}, uint64_t{1'200'000}}) {
    flow_world world{{lead_terms(spacing), {}, flow_start}, {}};
    world.watcher.spacing = spacing;
    world.pass_until(flow_start);
    const auto tried = try_all(world, 7, "start");
    EXPECT_GT(tried, 10'000U);
    RecordProperty("sequences", static_cast<int>(tried));
  }
}

} // namespace
} // namespace sluice
