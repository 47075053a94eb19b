#include "actors/trading/file_source.hpp"
#include "io/trading/rows.hpp"
#include "tests/support/actor_test.hpp"

#include <filesystem>
#include <fstream>

namespace sluice::test {
namespace {

using std::chrono::seconds;

trading_event event_number(int n) {
  trading_event x;
  x.coldkey = "5HdSvEGXkSRmgBZB6p2WmerfGAU2r8Sgvucs5UeM1oLStMoC";
  x.hotkey = "5EHL1GxEDtsapQkaFs7NvjEJReHiJkQRkNQanCXr8b1g2qj9";
  x.extrinsic = "ext-" + std::to_string(n);
  x.time_us = int64_t{n} * us_per_second;
  x.netuid = 3;
  x.tao = 10 + n;
  x.alpha = 20 + n;
  return x;
}

std::string lines(int from, int to) {
  std::string all;
  for (int n = from; n < to; ++n)
    all += io::event_row_text(event_number(n)) + '\n';
  return all;
}

std::vector<trading_event> numbers(int from, int to) {
  std::vector<trading_event> all;
  for (int n = from; n < to; ++n)
    all.push_back(event_number(n));
  return all;
}

class file_source : public actor_test {
protected:
  file_source() { feed.name = "own"; }

  void append(const std::string& text) const {
    std::ofstream{path, std::ios::binary | std::ios::app} << text;
  }

  /// A new incarnation, from what is durable.
  void start(size_t piece_events = 20'000) {
    feed.path = path;
    source = keep(spawn_file_source(
      sys, {feed, [] { return uint64_t{1'760'000'000'000}; }, ++incarnation, piece_events}));
    request = {};
    request.targets = std::make_shared<const std::vector<source_target>>(
      std::vector<source_target>{{"", synced}});
  }

  source_delivery take(bool look_now = false) {
    request.look_now = look_now;
    auto x = ask<source_delivery>(source, request);
    request.targets = nullptr;
    return x;
  }

  /// Stores the delivery, as the trading actor does.
  void store(const source_delivery& x) {
    for (const auto& rows : *x.rows) {
      stored.insert(stored.end(), rows.events.begin(), rows.events.end());
      if (rows.synced)
        synced = rows.synced;
    }
    request.durable = x.mark;
  }

  /// Everything that there is, in stepped time.
  size_t take_all() {
    size_t deliveries = 0;
    for (auto more = true; more && deliveries < 100; ++deliveries) {
      const auto x = take(true);
      more = x.more;
      store(x);
    }
    return deliveries;
  }

  source_view view() { return ask<source_view>(source, atom::view_v); }
  source_view obey(source_order order) { return ask<source_view>(source, source_command{order}); }

  const std::string path = folder.at("events.jsonl");
  trading_feed feed;
  trading_source_actor source;
  source_request request;
  uint64_t incarnation = 0;
  std::optional<sync_point> synced;
  std::vector<trading_event> stored;
};

TEST_F(file_source, is_read_to_its_end_in_pieces_when_it_is_asked_to) {
  append(lines(0, 10));
  start(4);
  EXPECT_EQ(take_all(), 3U);
  EXPECT_EQ(stored, numbers(0, 10));
  append(lines(10, 12));
  EXPECT_EQ(take_all(), 1U);
  EXPECT_EQ(stored, numbers(0, 12));
  const auto now = take(true);
  EXPECT_EQ(now.mark.number, 0U);
  EXPECT_FALSE(now.more);
  ASSERT_TRUE(synced);
  EXPECT_EQ(synced->position, lines(0, 12).size());
  EXPECT_EQ(synced->rows, 12U);
  EXPECT_EQ(synced->pages, 4U);
  EXPECT_EQ(view().events, 12U);
  EXPECT_EQ(view().health, source_health::good);
}

TEST_F(file_source, delivers_the_same_until_it_is_durable) {
  append(lines(0, 4));
  start(2);
  const auto first = take();
  const auto again = take();
  EXPECT_EQ(first.mark, again.mark);
  EXPECT_EQ(first.rows, again.rows);
  EXPECT_TRUE(first.more);
  EXPECT_EQ(view().position, 0U);                         // nothing is durable
  request.durable = {incarnation + 7, first.mark.number}; // of another actor
  EXPECT_EQ(take().mark, first.mark);
  store(first);
  EXPECT_EQ(take().mark.number, first.mark.number + 1);
  EXPECT_EQ(view().position, lines(0, 2).size());
  EXPECT_EQ(view().delivered, 1U);
}

TEST_F(file_source, continues_behind_what_was_durable_when_it_comes_back) {
  append(lines(0, 6));
  start(2);
  store(take());
  take(); // the second piece is never stored
  kill(source);
  start(2);
  take_all();
  EXPECT_EQ(stored, numbers(0, 6));
}

TEST_F(file_source, looks_for_more_at_its_cadence) {
  append(lines(0, 2));
  start();
  store(take());
  append(lines(2, 5));
  EXPECT_EQ(take().mark.number, 0U);
  advance(seconds{899});
  EXPECT_EQ(take().mark.number, 0U);
  EXPECT_EQ(view().next_look_in_ms, 1000U);
  advance(seconds{1});
  store(take());
  EXPECT_EQ(stored, numbers(0, 5));
  EXPECT_EQ(view().looks, 2U);
}

TEST_F(file_source, reads_another_file_from_its_beginning) {
  append(lines(0, 5));
  start();
  take_all();
  folder.write("other", lines(3, 8));
  std::filesystem::rename(folder.at("other"), path);
  take_all();
  auto expected = numbers(0, 5);
  for (const auto& x : numbers(3, 8)) // those that are there already are no news to the ledger
    expected.push_back(x);
  EXPECT_EQ(stored, expected);
  EXPECT_EQ(view().replaced, 1U);
  std::filesystem::resize_file(path, lines(3, 4).size());
  take_all();
  EXPECT_EQ(view().replaced, 2U);
  EXPECT_EQ(synced->position, lines(3, 4).size());
}

TEST_F(file_source, a_file_that_is_not_there_is_looked_for_again) {
  start();
  EXPECT_EQ(take(true).mark.number, 0U);
  EXPECT_EQ(view().health, source_health::degraded);
  EXPECT_NE(view().last_error.find("check the path"), std::string::npos);
  append(lines(0, 1));
  advance(seconds{900});
  store(take());
  EXPECT_EQ(stored, numbers(0, 1));
  EXPECT_EQ(view().health, source_health::good);
}

TEST_F(file_source, counts_rejected_rows_with_their_reasons) {
  append(lines(0, 1) + R"({"netuid":0})" + "\nno json\n" + lines(1, 2));
  start();
  const auto x = take();
  store(x);
  EXPECT_EQ(stored, numbers(0, 2));
  EXPECT_EQ(x.rows->front().rows, 4U);
  EXPECT_EQ(x.rows->front().rejected[static_cast<size_t>(row_rejection::netuid)], 1U);
  EXPECT_EQ(x.rows->front().rejected[static_cast<size_t>(row_rejection::json)], 1U);
  EXPECT_EQ(view().rejected, (std::map<std::string, uint64_t>{{"json", 1}, {"netuid", 1}}));
  ASSERT_EQ(view().last_rejected.size(), 2U);
  EXPECT_EQ(view().last_rejected[0].find(path + ":2"), 0U);
}

TEST_F(file_source, a_strict_feed_stops_at_a_rejected_row) {
  feed.strict = true;
  append(lines(0, 1) + "no json\n");
  start();
  const auto why = ask_error<source_delivery>(source, request);
  EXPECT_NE(sentence(why).find(path + ":2"), std::string::npos) << sentence(why);
  EXPECT_EQ(view().health, source_health::stopped);
  folder.write("events.jsonl", lines(0, 2));
  EXPECT_EQ(obey(source_order::resume).health, source_health::good);
  take_all();
  EXPECT_EQ(stored, numbers(0, 2));
}

TEST_F(file_source, obeys) {
  append(lines(0, 1));
  start();
  store(take());
  append(lines(1, 2));
  EXPECT_EQ(obey(source_order::pause).health, source_health::paused);
  advance(seconds{5000});
  EXPECT_EQ(take(true).mark.number, 0U);
  const auto why = ask_error<source_view>(source, source_command{source_order::look});
  EXPECT_EQ(sentence(why), "feed own is paused: resume it first");
  obey(source_order::resume);
  store(take());
  EXPECT_EQ(stored, numbers(0, 2));
  append(lines(2, 3));
  obey(source_order::look);
  store(take());
  EXPECT_EQ(stored, numbers(0, 3));
}

} // namespace
} // namespace sluice::test
