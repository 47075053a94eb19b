#include "actors/trading/indexer_source.hpp"
#include "messages/admin.hpp"
#include "rules/json_text.hpp"
#include "tests/actors/trading/indexer_world.hpp"

#include <random>

namespace sluice::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

class indexer_source : public indexer_world {};

class indexer_source_of_taoapp : public indexer_world {
protected:
  indexer_source_of_taoapp() : indexer_world(indexer_server::form::taoapp) {}
};

TEST_F(indexer_source, asks_for_every_page_of_every_coldkey) {
  server.set_rows(first_coldkey, rows_of(first_coldkey, 5));
  server.set_rows(second_coldkey, rows_of(second_coldkey, 1));
  start({first_coldkey, second_coldkey});
  store_all();
  EXPECT_EQ(asked(), "5EH:1 5Hd:1 5Hd:2 5Hd:3");
  EXPECT_EQ(stored.size(), 6U);
  const auto& x = stored.at("ext-HdS-4");
  EXPECT_EQ(x.coldkey, first_coldkey);
  EXPECT_EQ(x.hotkey, some_hotkey);
  EXPECT_EQ(x.tao, 1004);
  EXPECT_EQ(x.alpha, 2004);
  EXPECT_EQ(x.block, 5'000'004U);
  const auto first = server.requests().front();
  EXPECT_EQ(first.headers.at("authorization"), "secret");
  EXPECT_EQ(first.query.at("end_time"), std::to_string(begin_ms / 1000));
  EXPECT_EQ(first.query.at("start_time"), std::to_string(begin_ms / 1000 - 21 * 86'400));
  EXPECT_EQ(synced.at(first_coldkey).synced_us, now_us());
  const auto seen = view();
  EXPECT_EQ(seen.health, source_health::good);
  EXPECT_EQ(seen.requests, 4U);
  EXPECT_EQ(seen.pages, 4U);
  EXPECT_EQ(seen.events, 6U);
  EXPECT_EQ(seen.looks, 1U);
  EXPECT_EQ(seen.delivered, 2U);
  EXPECT_EQ(seen.next_look_in_ms, 900'000U);
}

TEST_F(indexer_source, asks_again_at_its_cadence_from_half_an_hour_before_the_sync_point) {
  server.set_rows(first_coldkey, rows_of(first_coldkey, 2));
  start({first_coldkey});
  store_all();
  pass(seconds{899});
  EXPECT_EQ(asked(), "5Hd:1");
  auto rows = rows_of(first_coldkey, 2);
  rows.insert(rows.begin(), row_of(first_coldkey, 2, now_us()));
  server.set_rows(first_coldkey, rows);
  pass(seconds{1});
  store_all();
  EXPECT_EQ(asked(), "5Hd:1 5Hd:1 5Hd:2");
  EXPECT_EQ(stored.size(), 3U);
  const auto second = server.requests()[1];
  EXPECT_EQ(second.query.at("start_time"), std::to_string(begin_ms / 1000 - 1800));
  EXPECT_EQ(second.query.at("end_time"), std::to_string(begin_ms / 1000 + 900));
  EXPECT_EQ(synced.at(first_coldkey).synced_us, now_us());
}

TEST_F(indexer_source, the_sync_point_moves_only_when_its_rows_are_durable) {
  server.set_rows(first_coldkey, rows_of(first_coldkey, 1));
  start({first_coldkey});
  const auto first = take();
  EXPECT_EQ(first.mark.number, 1U);
  pass(minutes{30}); // two looks: nobody is asked about whose rows are not durable
  EXPECT_EQ(asked(), "5Hd:1");
  EXPECT_EQ(take().mark, first.mark);
  store(first);
  EXPECT_EQ(take().mark.number, 0U);
  pass(minutes{15});
  EXPECT_EQ(asked(), "5Hd:1 5Hd:1");
  EXPECT_EQ(server.requests()[1].query.at("start_time"), std::to_string(begin_ms / 1000 - 1800));
}

TEST_F(indexer_source, an_actor_that_comes_back_asks_again_for_what_was_not_durable) {
  server.set_rows(first_coldkey, rows_of(first_coldkey, 3));
  start({first_coldkey});
  take(); // never stored
  kill(source);
  start({first_coldkey});
  store_all();
  EXPECT_EQ(stored.size(), 3U);
  EXPECT_EQ(server.requests().back().query.at("start_time"),
            std::to_string(begin_ms / 1000 - 21 * 86'400));
}

TEST_F(indexer_source, a_page_that_fails_half_way_advances_nothing_and_is_where_it_continues) {
  server.set_rows(first_coldkey, rows_of(first_coldkey, 6));
  std::deque<byte_reply> script{good()};
  for (uint32_t i = 0; i <= feed.retries_max; ++i)
    script.push_back(failing("500 Internal Server Error"));
  server.script(script);
  start({first_coldkey});
  pass(minutes{14});
  store_all();
  EXPECT_TRUE(stored.empty());
  EXPECT_TRUE(synced.empty());
  EXPECT_EQ(asked(), "5Hd:1 5Hd:2 5Hd:2 5Hd:2 5Hd:2 5Hd:2 5Hd:2");
  EXPECT_EQ(view().health, source_health::degraded);
  EXPECT_EQ(view().retries, 5U);
  EXPECT_EQ(view().failures, 1U);
  EXPECT_NE(view().last_error.find("it answers 500"), std::string::npos) << view().last_error;
  pass(minutes{1});
  store_all();
  EXPECT_EQ(asked(7), "5Hd:2 5Hd:3"); // the first page is not asked for again
  EXPECT_EQ(stored.size(), 6U);
  EXPECT_EQ(view().continued, 1U);
  EXPECT_EQ(view().health, source_health::good);
  // The window stayed that of the first look: what came since belongs to the next.
  EXPECT_EQ(synced.at(first_coldkey).synced_us, static_cast<int64_t>(begin_ms) * 1000);
}

TEST_F(indexer_source, waits_as_long_as_it_is_wanted) {
  server.set_rows(first_coldkey, rows_of(first_coldkey, 1));
  server.script({too_many_requests("40"), too_many_requests("Thu, 09 Oct 2025 08:55:20 GMT"),
                 too_many_requests("soon")});
  start({first_coldkey});
  pass(milliseconds{39'999});
  EXPECT_EQ(server.requests().size(), 1U);
  pass(seconds{5}); // and at most a tenth more
  EXPECT_EQ(server.requests().size(), 2U);
  const auto until_date = milliseconds{begin_ms + 120'000 - unix_ms()};
  pass(until_date - milliseconds{1});
  EXPECT_EQ(server.requests().size(), 2U);
  pass(seconds{9});
  EXPECT_EQ(server.requests().size(), 3U);
  pass(seconds{50}); // without a readable wish a minute
  EXPECT_EQ(server.requests().size(), 3U);
  pass(seconds{16});
  store_all();
  EXPECT_EQ(stored.size(), 1U);
  EXPECT_EQ(view().retries, 3U);
}

TEST_F(indexer_source, asks_no_more_when_no_request_remains) {
  server.set_rows(first_coldkey, rows_of(first_coldkey, 4));
  const auto page = [&](uint32_t n) { return server.document({"", {}, {}, first_coldkey, n}); };
  server.script(
    {{http_bytes("200 OK", page(1), "X-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: 30\r\n")}});
  start({first_coldkey});
  pass(milliseconds{29'999});
  EXPECT_EQ(asked(), "5Hd:1");
  pass(seconds{4});
  EXPECT_EQ(asked(), "5Hd:1 5Hd:2");
  store_all();
  EXPECT_EQ(stored.size(), 4U);
  EXPECT_EQ(view().retries, 0U); // it was no failure
}

TEST_F(indexer_source, bodies_that_are_cut_or_none_and_silence_are_tried_again) {
  server.set_rows(first_coldkey, rows_of(first_coldkey, 1));
  feed.request_ms = 100; // of real time
  server.script(
    {{"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"data\":[", byte_reply::then::close},
     {http_bytes("200 OK", "{\"data\":[")},
     {"", byte_reply::then::hang},
     {"", byte_reply::then::reset},
     {http_bytes("200 OK", "<html>")}});
  start({first_coldkey});
  pass(minutes{10});
  store_all();
  EXPECT_EQ(stored.size(), 1U);
  EXPECT_EQ(view().retries, 5U);
  EXPECT_EQ(view().failures, 0U);
  EXPECT_EQ(view().health, source_health::good);
}

TEST_F(indexer_source, stops_when_its_key_is_refused_until_it_is_resumed) {
  server.set_rows(first_coldkey, rows_of(first_coldkey, 1));
  server.set_key("another");
  start({first_coldkey, second_coldkey});
  pass(minutes{60});
  EXPECT_EQ(server.requests().size(), 1U);
  EXPECT_EQ(view().health, source_health::stopped);
  EXPECT_NE(view().last_error.find("key_file"), std::string::npos) << view().last_error;
  const auto why = ask_error<source_view>(source, source_command{source_order::look});
  EXPECT_EQ(sentence(why), "feed indexer is stopped: resume it first");
  write_key("another");
  obey(source_order::resume);
  store_all();
  EXPECT_EQ(stored.size(), 1U);
  EXPECT_EQ(view().health, source_health::good);
}

TEST_F(indexer_source, shows_its_key_to_nobody) {
  write_key("topsecret");
  start({first_coldkey});
  EXPECT_EQ(json_of(view()).find("topsecret"), std::string::npos);
  EXPECT_EQ(ask<std::string>(caf::actor_cast<caf::actor>(source), atom::look_v).find("topsecret"),
            std::string::npos);
  EXPECT_EQ(server.requests().front().headers.at("authorization"), "topsecret");
}

TEST_F(indexer_source, a_key_that_cannot_be_used_stops_it_before_it_asks) {
  ::chmod(feed.key_file.c_str(), 0644);
  start({first_coldkey});
  EXPECT_EQ(server.requests().size(), 0U);
  EXPECT_EQ(view().health, source_health::stopped);
  EXPECT_NE(view().last_error.find("chmod 600"), std::string::npos);
}

TEST_F(indexer_source, one_coldkey_that_fails_does_not_keep_the_others_from_being_asked) {
  server.set_rows(first_coldkey, rows_of(first_coldkey, 1));
  server.intercept([](const indexer_request& x) {
    return x.coldkey == second_coldkey ? failing("404 Not Found") : byte_reply{};
  });
  start({first_coldkey, second_coldkey});
  pass(seconds{10});
  store_all();
  EXPECT_EQ(asked(), "5EH:1 5Hd:1");
  EXPECT_EQ(stored.size(), 1U);
  EXPECT_FALSE(synced.contains(second_coldkey));
  EXPECT_EQ(view().failures, 1U);
  EXPECT_EQ(view().health, source_health::degraded);
}

TEST_F(indexer_source, leaves_an_indexer_alone_that_fails_for_one_after_the_other) {
  feed.retries_max = 0;
  std::vector<std::string> many;
  for (char c = 'a'; c < 'k'; ++c)
    many.push_back(first_coldkey.substr(0, 47) + c);
  server.intercept([](const indexer_request&) { return failing("503 Service Unavailable"); });
  start(many);
  pass(minutes{1});
  EXPECT_EQ(server.requests().size(), 3U);
  server.intercept({});
  pass(minutes{15});
  EXPECT_EQ(server.requests().size(), 13U); // all ten, beginning with those that were not asked yet
  EXPECT_EQ(server.requests()[3].coldkey.back(), 'd');
  EXPECT_EQ(view().health, source_health::good);
}

TEST_F(indexer_source, counts_rows_that_are_no_events) {
  auto rows = rows_of(first_coldkey, 2);
  rows.push_back(
    taostats_row(first_coldkey, some_hotkey, "root", "2025-10-09T08:00:00Z", 1, 0, true, 1, 1));
  rows.push_back(taostats_row(first_coldkey, some_hotkey, "when", "yesterday", 1, 3, true, 1, 1));
  server.set_rows(first_coldkey, rows);
  start({first_coldkey});
  store_all();
  EXPECT_EQ(stored.size(), 2U);
  EXPECT_TRUE(synced.contains(first_coldkey));
  EXPECT_EQ(view().rejected, (std::map<std::string, uint64_t>{{"netuid", 1}, {"timestamp", 1}}));
  EXPECT_EQ(view().rows, 4U);
  EXPECT_EQ(view().last_rejected.size(), 2U);
}

TEST_F(indexer_source, rows_of_somebody_else_make_a_page_worthless) {
  auto rows = rows_of(first_coldkey, 1);
  rows.push_back(rows_of(second_coldkey, 1).front());
  server.set_rows(first_coldkey, rows);
  start({first_coldkey});
  store_all();
  EXPECT_TRUE(stored.empty());
  EXPECT_EQ(view().failures, 1U);
  EXPECT_NE(view().last_error.find("expected events of"), std::string::npos);
}

TEST_F(indexer_source, pages_without_end_have_one) {
  feed.pages_max = 5;
  server.set_rows(first_coldkey, rows_of(first_coldkey, 20));
  start({first_coldkey});
  store_all();
  EXPECT_EQ(server.requests().size(), 5U);
  EXPECT_TRUE(stored.empty());
  EXPECT_EQ(view().failures, 1U);
  EXPECT_NE(view().last_error.find("at most 5 pages"), std::string::npos) << view().last_error;
}

TEST_F(indexer_source, a_list_that_keeps_changing_gives_its_events_and_keeps_its_sync_point) {
  server.set_rows(first_coldkey, rows_of(first_coldkey, 3));
  server.change_pages([n = uint64_t{0}](const indexer_request&, auto&, uint64_t& total) mutable {
    total += ++n; // another one each time
  });
  start({first_coldkey});
  store_all();
  EXPECT_EQ(stored.size(), 3U);
  EXPECT_TRUE(synced.empty());
  EXPECT_EQ(view().unsettled, 1U);
  EXPECT_EQ(view().health, source_health::degraded);
  server.change_pages({});
  pass(minutes{15});
  store_all();
  EXPECT_EQ(synced.size(), 1U);
  EXPECT_EQ(view().health, source_health::good);
}

TEST_F(indexer_source, a_clock_that_goes_back_neither_loses_nor_repeats_anything) {
  server.set_rows(first_coldkey, rows_of(first_coldkey, 2));
  start({first_coldkey});
  store_all();
  const auto before = synced.at(first_coldkey).synced_us;
  shift_ms = uint64_t{0} - 86'400'000;
  pass(minutes{15}); // its cadence is that of the clock that only goes forward
  store_all();
  EXPECT_EQ(server.requests().size(), 2U);
  EXPECT_EQ(server.requests()[1].query.at("start_time"), std::to_string(begin_ms / 1000 - 1800));
  EXPECT_EQ(synced.at(first_coldkey).synced_us, before);
}

TEST_F(indexer_source, obeys) {
  server.set_rows(first_coldkey, rows_of(first_coldkey, 5));
  start({first_coldkey});
  store_all();
  const auto before = server.requests().size();
  obey(source_order::pause);
  pass(minutes{60});
  EXPECT_EQ(server.requests().size(), before);
  obey(source_order::resume);
  EXPECT_EQ(server.requests().size(), 2 * before);
  store_all();
  obey(source_order::look);
  EXPECT_EQ(server.requests().size(), 3 * before);
  EXPECT_EQ(view().health, source_health::good);
}

TEST_F(indexer_source, ends_with_a_request_open) {
  server.script({{"", byte_reply::then::hang}});
  source = keep(spawn_indexer_source(
    sys, {feed, [this] { return unix_ms(); }, [] { return uint64_t{0}; }, 1, {}}));
  want({first_coldkey});
  ask<source_delivery>(source, request);
  while (server.requests().empty())
    std::this_thread::yield();
  kill(source); // its own client ends in time
}

TEST_F(indexer_source, new_coldkeys_are_asked_at_the_next_look_and_old_ones_no_more) {
  server.set_rows(first_coldkey, rows_of(first_coldkey, 1));
  server.set_rows(second_coldkey, rows_of(second_coldkey, 1));
  start({first_coldkey});
  store_all();
  want({second_coldkey});
  take();
  pass(minutes{15});
  store_all();
  EXPECT_EQ(asked(), "5Hd:1 5EH:1");
  EXPECT_EQ(stored.size(), 2U);
}

TEST_F(indexer_source_of_taoapp, asks_with_its_own_words_and_leaves_out_what_is_older) {
  const std::string old = "2025-08-01T00:00:00Z";
  server.set_rows(
    first_coldkey,
    {taoapp_row(first_coldkey, some_hotkey, "a", "2025-10-09T08:00:00+00:00", 4, true, "1.5",
                "20.25"),
     taoapp_row(first_coldkey, some_hotkey, "b", "2025-10-09T08:10:00", 4, false, "1", "10"),
     taoapp_row(first_coldkey, some_hotkey, "c", old, 4, true, "1", "10")});
  start({first_coldkey});
  store_all();
  EXPECT_EQ(asked(), "5Hd:1 5Hd:2");
  const auto first = server.requests().front();
  EXPECT_EQ(first.path, "/api/beta/portfolio/transactions");
  EXPECT_EQ(first.headers.at("x-api-key"), "secret");
  EXPECT_EQ(first.query.at("page_size"), "2");
  ASSERT_EQ(stored.size(), 2U);
  EXPECT_EQ(stored.at("a").tao, 1'500'000'000);
  EXPECT_EQ(stored.at("a").alpha, 20'250'000'000);
  EXPECT_EQ(stored.at("b").action, stake_action::unstake);
}

TEST_F(indexer_source_of_taoapp, rows_need_not_state_the_coldkey_that_was_asked_for) {
  auto row = taoapp_row(first_coldkey, some_hotkey, "a", "2025-10-09T08:00:00Z", 4, true, "1", "2");
  row.erase(1, row.find("\"timestamp\"") - 1);
  server.set_rows(first_coldkey, {row});
  start({first_coldkey});
  store_all();
  ASSERT_EQ(stored.size(), 1U);
  EXPECT_EQ(stored.at("a").coldkey, first_coldkey);
}

/// Everything at once: pages that move, repeat and are sorted anew, totals that are off, requests
/// that fail in every way.
class disturbed_indexer : public indexer_world {
protected:
  void disturb(uint64_t seed) {
    server.change_pages([this, random = std::mt19937_64{seed}](const indexer_request& x, auto& rows,
                                                               uint64_t& total) mutable {
      if (calm)
        return;
      switch (random() % 8) {
      case 0:
        total += random() % 3;
        break;
      case 1:
        std::shuffle(rows.begin(), rows.end(), random);
        break;
      case 2:
        if (!last_page[x.coldkey].empty())
          rows = last_page[x.coldkey];
        break;
      default:
        break;
      }
      last_page[x.coldkey] = rows;
    });
    server.intercept([this, random = std::mt19937_64{seed + 1}](const indexer_request&) mutable {
      if (calm || random() % 4 != 0)
        return byte_reply{};
      switch (random() % 5) {
      case 0:
        return failing("502 Bad Gateway");
      case 1:
        return too_many_requests(std::to_string(random() % 20));
      case 2:
        return byte_reply{"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{",
                          byte_reply::then::close};
      case 3:
        return byte_reply{"", byte_reply::then::reset};
      default:
        return byte_reply{http_bytes("200 OK", "[]")};
      }
    });
  }

  std::atomic<bool> calm{false};
  std::map<std::string, std::vector<std::string>> last_page;
};

TEST_F(disturbed_indexer, ends_with_the_same_events) {
  const auto seed = std::random_device{}();
  std::mt19937_64 random{seed};
  auto rows = rows_of(first_coldkey, 5);
  const auto others = rows_of(second_coldkey, 7);
  server.set_rows(first_coldkey, rows);
  server.set_rows(second_coldkey, others);
  disturb(seed);
  start({first_coldkey, second_coldkey});
  for (int look = 0; look < 12; ++look) {
    pass(minutes{15});
    if (random() % 3 != 0)
      store_all();
    if (random() % 4 == 0) {
      kill(source);
      run();
      start({first_coldkey, second_coldkey});
    }
    for (auto more = random() % 3; more > 0; --more)
      rows.insert(rows.begin(), row_of(first_coldkey, static_cast<int>(rows.size()), now_us()));
    server.set_rows(first_coldkey, rows);
  }
  calm = true;
  for (int look = 0; look < 3; ++look) {
    pass(minutes{60}); // the longest pause of a failure before it
    store_all();
  }
  EXPECT_EQ(stored.size(), rows.size() + others.size()) << seed;
  for (const auto& list : {rows, others})
    for (const auto& row : list) {
      const auto read = io::read_event_row(row, "expected", 1);
      ASSERT_TRUE(read.event) << read.why;
      EXPECT_EQ(stored[read.event->extrinsic], *read.event) << seed;
    }
  EXPECT_EQ(view().health, source_health::good) << seed << ' ' << view().last_error;
}

} // namespace
} // namespace sluice::test
