#include "actors/events/event_manager.hpp"
#include "actors/periodic/task_manager.hpp"
#include "actors/sports/game_feed.hpp"
#include "messages/admin.hpp"
#include "rules/json_text.hpp"
#include "tests/support/actor_test.hpp"
#include "tests/support/game_feed_server.hpp"
#include "tests/support/pumped_client.hpp"

#include <sys/stat.h>

#include <map>
#include <random>

namespace sluice::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// A feed in virtual time against a server on a real socket, and whoever takes its games.
class game_feed_test : public actor_test {
protected:
  static constexpr uint64_t begin_ms = 1'767'268'800'000; // 2026-01-01T12:00:00Z

  game_feed_test() {
    settings.url = server.url();
    settings.page_items = 2;
  }

  uint64_t unix_ms() const {
    return begin_ms
           + static_cast<uint64_t>(
             std::chrono::duration_cast<milliseconds>(sched.clock().now() - began).count());
  }

  void start() {
    const auto events = keep(spawn_event_manager(sys, {.unix_ms = [this] { return unix_ms(); }}));
    tasks = keep(spawn_task_manager(
      sys, {[this] { return unix_ms(); }, [] { return uint64_t{1} << 63; }}, events));
    const auto games = mock<sports_games_actor>(
      [this](const sports_game_batch& x) -> caf::result<sports_games_taken> {
        if (refuses)
          return caf::make_error(ec::busy, "too much waits");
        words.push_back(x.at_us);
        for (const auto& game : x.games)
          taken[game.external_id] = game;
        games_taken += x.games.size();
        return sports_games_taken{x.games.size(), 0, 0, 0, 0, 0};
      });
    feed = keep(spawn_game_feed(
      sys, {settings, [this] { return unix_ms(); }, [] { return uint64_t{0}; }, client.caller()},
      {games, tasks}));
    pass(milliseconds{0});
  }

  /// Everything that needs no time to pass.
  void run() {
    settle();
    while (client.open() > 0) {
      client.deliver();
      settle();
    }
  }

  /// Timer by timer, with the requests that each begins.
  void pass(milliseconds time) {
    auto& clock = sched.clock();
    const auto until = clock.now() + time;
    for (run(); !clock.schedule().empty() && clock.schedule().begin()->first <= until; run())
      advance(std::max(clock.schedule().begin()->first - clock.now(),
                       caf::actor_clock::duration_type{0}));
    clock.current_time = std::max(clock.current_time, until);
  }

  static std::string row_of(const std::string& id, const std::string& odds = "1.95") {
    return R"({"externalId":")" + id + R"(","teamA":"North","teamB":"South","sport":"soccer",)"
           + R"("league":"one","date":"2026-01-02T18:00:00Z","outcome":"Unfinished",)"
           + R"("teamAOdds":)" + odds + R"(,"teamBOdds":2.1,"drawOdds":null,"canDraw":false})";
  }

  game_feed_view view() { return ask<game_feed_view>(feed, atom::view_v); }
  task_view task() {
    return ask<task_view>(tasks, task_command{task_order::look, std::string{game_feed_task}});
  }

  /// "0 1 2": the pages that were asked for, from this request on.
  std::string asked(size_t from = 0) const {
    std::string all;
    const auto requests = server.requests();
    for (size_t i = from; i < requests.size(); ++i)
      all += (all.empty() ? "" : " ") + requests[i].query.at("PageIndex");
    return all;
  }

  static byte_reply failing(const std::string& status, const std::string& more = "") {
    return {http_bytes(status, "{}", more)};
  }

  const caf::actor_clock::time_point began = sched.clock().now();
  game_feed_server server;
  pumped_client client;
  game_feed_settings settings;
  game_feed_actor feed;
  task_manager_actor tasks;
  bool refuses = false;
  std::map<std::string, game_update> taken;
  std::vector<int64_t> words; // of the feed
  size_t games_taken = 0;
};

TEST_F(game_feed_test, reads_all_pages_and_again_after_its_interval) {
  server.set_rows({row_of("a"), row_of("b"), row_of("c")});
  start();
  EXPECT_EQ(asked(), "0 1");
  EXPECT_EQ(taken.size(), 3U);
  EXPECT_EQ(taken.at("a").team_a_odds, 1'950'000'000);
  EXPECT_EQ(taken.at("a").at_us, static_cast<int64_t>(begin_ms) * 1000);
  EXPECT_EQ(words, (std::vector<int64_t>{static_cast<int64_t>(begin_ms) * 1000}));
  const auto first = server.requests()[0];
  EXPECT_EQ(first.path, "/Games/TeamGames/Search");
  EXPECT_EQ(first.query.at("StartDate"), "2025-12-17T00:00:00Z");
  EXPECT_EQ(first.query.at("LastUpdateDate"), "2025-12-17T00:00:00Z");
  EXPECT_EQ(first.query.at("LeagueFilter"), "true");
  pass(seconds{599});
  EXPECT_EQ(asked(2), "");
  server.set_rows({row_of("a", "2.5")});
  pass(seconds{1});
  EXPECT_EQ(asked(2), "0");
  EXPECT_EQ(server.requests()[2].query.at("LastUpdateDate"), "2026-01-01T11:55:00Z");
  EXPECT_EQ(taken.at("a").team_a_odds, 2'500'000'000);
  EXPECT_EQ(words.back(), (static_cast<int64_t>(begin_ms) + 600'000) * 1000);
  EXPECT_EQ(task().successes, 2U);
  EXPECT_EQ(view().readings, 2U);
}

TEST_F(game_feed_test, pages_that_did_not_change_are_not_sent_again) {
  server.set_etags(true);
  server.set_rows({row_of("a"), row_of("b"), row_of("c")});
  start();
  EXPECT_EQ(games_taken, 3U);
  pass(minutes{10}); // another window, and nothing new in it
  EXPECT_EQ(games_taken, 6U);
  pass(minutes{10}); // the same window
  EXPECT_EQ(games_taken, 6U);
  EXPECT_EQ(view().not_modified, 2U);
  EXPECT_EQ(words.size(), 3U); // it is a word of the feed all the same
  server.set_rows({row_of("a"), row_of("b"), row_of("c", "3.5")});
  pass(minutes{10}); // one page of two is new
  EXPECT_EQ(view().not_modified, 3U);
  EXPECT_EQ(taken.at("c").team_a_odds, 3'500'000'000);
}

TEST_F(game_feed_test, a_page_that_fails_half_way_advances_nothing_and_is_where_it_goes_on) {
  server.set_rows({row_of("a"), row_of("b"), row_of("c"), row_of("d"), row_of("e")});
  std::deque<byte_reply> script{{}};
  for (int i = 0; i < 4; ++i)
    script.push_back(failing("500 Internal Server Error"));
  server.script(script);
  start();
  pass(seconds{7}); // 1, 2 and 4 s
  EXPECT_EQ(asked(), "0 1 1 1 1");
  EXPECT_TRUE(taken.empty());
  EXPECT_TRUE(words.empty());
  EXPECT_EQ(view().failures, 1U);
  EXPECT_EQ(view().last_error, "page 1: it answers 500 (4 attempts)");
  EXPECT_EQ(task().last_error, "page 1: it answers 500 (4 attempts)");
  EXPECT_EQ(task().state, "waiting");
  pass(minutes{10});
  EXPECT_EQ(asked(5), "1 2"); // the first page is not asked for again
  EXPECT_EQ(taken.size(), 5U);
  EXPECT_EQ(view().continued, 1U);
  EXPECT_EQ(words, (std::vector<int64_t>{static_cast<int64_t>(begin_ms) * 1000})); // of the begin
}

TEST_F(game_feed_test, waits_as_long_as_it_is_wanted) {
  server.set_rows({row_of("a")});
  server.script({failing("429 Too Many Requests", "Retry-After: 40\r\n"),
                 failing("503 Service Unavailable", "Retry-After: soon\r\n")});
  start();
  pass(milliseconds{39'999});
  EXPECT_EQ(server.requests().size(), 1U);
  pass(milliseconds{1});
  EXPECT_EQ(server.requests().size(), 2U);
  pass(seconds{2});
  EXPECT_EQ(server.requests().size(), 3U);
  EXPECT_EQ(taken.size(), 1U);
  EXPECT_EQ(view().retries, 2U);
}

TEST_F(game_feed_test, bodies_that_are_cut_or_none_and_silence_are_tried_again) {
  server.set_rows({row_of("a")});
  settings.timeout_ms = 100; // of real time
  settings.retries = 10;
  server.script(
    {{"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[{\"external", byte_reply::then::close},
     {http_bytes("200 OK", "[{\"externalId\":")},
     {"", byte_reply::then::hang},
     {"", byte_reply::then::reset},
     {http_bytes("200 OK", "<html>")},
     {"nonsense\r\n\r\n", byte_reply::then::close},
     {http_bytes("200 OK", std::string(100'000, '['))}});
  start();
  pass(minutes{9});
  EXPECT_EQ(taken.size(), 1U);
  EXPECT_EQ(view().retries, 7U);
  EXPECT_EQ(view().failures, 0U);
}

TEST_F(game_feed_test, rows_that_are_no_games_do_not_keep_the_others_out) {
  server.set_rows({R"({"externalId":"x"})", "7", row_of("a"), row_of("b", "0.5")});
  start();
  EXPECT_EQ(taken.size(), 1U);
  EXPECT_EQ(view().rejected, 3U);
  EXPECT_EQ(view().last_rejected.size(), 1U);
  EXPECT_EQ(task().successes, 1U);
}

TEST_F(game_feed_test, a_feed_that_repeats_its_first_page_for_ever_is_given_up) {
  server.set_rows({row_of("a"), row_of("b"), row_of("c")});
  server.set_stuck(true);
  start();
  EXPECT_EQ(asked(), "0 1");
  EXPECT_TRUE(taken.empty());
  EXPECT_NE(view().last_error.find("PageIndex"), std::string::npos) << view().last_error;
}

TEST_F(game_feed_test, shows_its_key_to_the_feed_and_to_nobody_else) {
  settings.key_file = folder.write("key", "topsecret\n");
  ::chmod(settings.key_file.c_str(), 0600);
  server.set_key("topsecret");
  server.set_rows({row_of("a")});
  start();
  EXPECT_EQ(taken.size(), 1U);
  EXPECT_EQ(server.requests().front().headers.at("authorization"), "Bearer topsecret");
  server.set_key("another");
  pass(minutes{10});
  EXPECT_NE(view().last_error.find("key_file"), std::string::npos) << view().last_error;
  EXPECT_EQ(json_of(view()).find("topsecret"), std::string::npos);
  EXPECT_EQ(json_of(task()).find("topsecret"), std::string::npos);
  EXPECT_EQ(ask<std::string>(caf::actor_cast<caf::actor>(feed), atom::look_v).find("topsecret"),
            std::string::npos);
  ::chmod(settings.key_file.c_str(), 0644);
  const auto before = server.requests().size();
  pass(minutes{10});
  EXPECT_EQ(server.requests().size(), before); // a key that others may read is not used
}

TEST_F(game_feed_test, games_that_could_not_be_taken_are_read_again) {
  server.set_rows({row_of("a")});
  refuses = true;
  start();
  EXPECT_EQ(view().failures, 1U);
  EXPECT_EQ(task().last_error, "its games could not be taken: too much waits");
  refuses = false;
  pass(minutes{10});
  EXPECT_EQ(taken.size(), 1U);
  EXPECT_EQ(server.requests().back().query.at("LastUpdateDate"), "2025-12-17T00:00:00Z");
}

TEST_F(game_feed_test, comes_to_the_same_games_whatever_fails) {
  for (uint32_t seed = 1; seed <= 20; ++seed) {
    std::mt19937 chance{seed};
    std::vector<std::string> rows;
    for (uint32_t i = 0; i < 1 + seed % 7; ++i)
      rows.push_back(row_of("s" + std::to_string(seed) + "-" + std::to_string(i)));
    taken.clear();
    server.set_rows(rows);
    std::deque<byte_reply> script;
    for (int i = 0; i < 30; ++i)
      switch (chance() % 6) {
      case 0:
        script.push_back(failing("500 Internal Server Error"));
        break;
      case 1:
        script.push_back(
          {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[", byte_reply::then::close});
        break;
      case 2:
        script.push_back({"", byte_reply::then::reset});
        break;
      case 3:
        script.push_back({http_bytes("200 OK", "{}")});
        break;
      default:
        script.push_back({});
      }
    server.script(script);
    if (!feed)
      start();
    pass(minutes{90});
    EXPECT_EQ(taken.size(), rows.size()) << "seed " << seed << ": " << view().last_error;
  }
}

} // namespace
} // namespace sluice::test
