// The reporting side in virtual time, against proxies on real sockets.
#include "actors/consensus/report_sender.hpp"
#include "net/consensus/report_client.hpp"
#include "tests/support/actor_test.hpp"
#include "tests/support/byte_server.hpp"
#include "tests/support/pumped_client.hpp"

#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <set>

namespace sluice::test {
namespace {

using sent_json = nlohmann::json;

/// A proxy that answers each request by the next line of its script, and 200 when that is over.
class proxy {
public:
  byte_reply good() const {
    return {http_bytes("200 OK", R"({"success":true,"miners_processed":2,"consensus_updated":1})")};
  }
  static byte_reply status(const std::string& line, const std::string& more = "") {
    return {http_bytes(line, "{}", more)};
  }

  void next(byte_reply x) {
    const std::lock_guard lock{mutex_};
    script_.push_back(std::move(x));
  }

  /// Bodies of the requests, as they came.
  std::vector<std::string> bodies() const {
    std::vector<std::string> all;
    for (const auto& x : server.requests())
      all.push_back(x.substr(x.find("\r\n\r\n") + 4));
    return all;
  }

private:
  byte_reply answer() {
    const std::lock_guard lock{mutex_};
    if (script_.empty())
      return good();
    auto first = std::move(script_.front());
    script_.pop_front();
    return first;
  }

  std::mutex mutex_;
  std::deque<byte_reply> script_;

public:
  byte_server server{[this](const std::string&) { return answer(); }};
};

class report_sending : public actor_test {
protected:
  static constexpr uint64_t begin_ms
    = 1'767'225'600'000 + 12'345; // not at the beginning of a minute
  static constexpr std::chrono::seconds minute{60};

  report_sending() {
    std::array<uint8_t, 32> bytes{};
    bytes.fill(7);
    keys = net::make_key_pair(net::secret_seed{bytes});
    config.settings.report_key_file = folder.write("validator.key", net::write_key(keys));
    ::chmod(config.settings.report_key_file.c_str(), 0600);
    config.unix_ms = [this] { return unix_ms(); };
    config.chance = [n = uint64_t{0}]() mutable { return n++; };
    config.whole_ms = 300;
    config.call = client.caller();
    config.probe = [this](const std::vector<endpoint>& where, const net::probes_done& done) {
      probed_places = where;
      std::vector<net::probed> outcomes;
      for (const auto& x : where)
        outcomes.push_back(reachable.contains(x.port) ? net::probed{uint64_t{1'500}, ""}
                                                      : net::probed{std::nullopt, "no"});
      if (answers_probes)
        done(outcomes);
      else
        held_probes = [done, outcomes] { done(outcomes); };
    };
    chain.neurons = {{{13}, {keys.address}, 1'000'000'000'000, true},
                     {{50}, {"miner-50"}, 2'000'000'000, false},
                     {{51}, {"miner-51"}, 3'000'000'000, false}};
    config.settings.axons = {{"miner-50", "127.0.0.1:8050"}, {"miner-51", "127.0.0.1:8051"}};
    reachable = {8050};
  }

  void reports_to(const proxy& x, report_form form = report_form::signed_json,
                  report_mode mode = report_mode::all, std::string key_file = "") {
    config.settings.report_to.push_back({x.server.url(), form, std::move(key_file), mode});
  }

  std::string key_file(const std::string& name, const std::string& key) {
    auto path = folder.write(name, key + "\n");
    ::chmod(path.c_str(), 0600);
    return path;
  }

  report_sender_actor start() {
    const auto reader = mock<chain_reader_actor>([this](atom::view) { return chain; },
                                                 [](atom::step, uint64_t) { return chain_head{}; });
    const auto roster = mock<roster_actor>(
      [this](atom::roster) { return roster_entries; }, [](const miner_came&) {},
      [](const miner_gone&) {},
      [](atom::ban, const hotkey&, const ban_record&) { return atom::done_v; },
      [](atom::unban, const hotkey&) { return atom::done_v; },
      [](atom::view, const roster_watcher_actor&) { return roster_snapshot{}; });
    report_sender_links links{reader, roster};
    links.open_tasks = open_tasks;
    return keep(spawn_report_sender(sys, config, links));
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
  void pass(std::chrono::milliseconds time) {
    auto& clock = sched.clock();
    const auto until = clock.now() + time;
    for (run(); !clock.schedule().empty() && clock.schedule().begin()->first <= until; run())
      advance(std::max(clock.schedule().begin()->first - clock.now(),
                       caf::actor_clock::duration_type{0}));
    clock.current_time = std::max(clock.current_time, until);
  }

  uint64_t unix_ms() {
    const auto passed = sched.clock().now() - began;
    return begin_ms + shift_ms
           + static_cast<uint64_t>(
             std::chrono::duration_cast<std::chrono::milliseconds>(passed).count());
  }

  report_sender_view view(const report_sender_actor& x) {
    return ask<report_sender_view>(x, atom::view_v);
  }

  net::key_pair keys;
  report_sender_config config;
  chain_view chain;
  std::vector<roster_entry> roster_entries;
  std::function<result<std::map<uint16_t, uint64_t>>()> open_tasks;
  std::set<uint16_t> reachable;
  std::vector<endpoint> probed_places;
  bool answers_probes = true;
  std::function<void()> held_probes;
  uint64_t shift_ms = 0;
  caf::actor_clock::time_point began = sched.clock().now();
  pumped_client client;
};

TEST_F(report_sending, reports_what_it_measured_signed_at_every_minute) {
  const proxy ours, theirs;
  reports_to(ours);
  reports_to(theirs, report_form::original);
  open_tasks = [] { return std::map<uint16_t, uint64_t>{{50, 3}}; };
  const auto sender = start();
  pass(std::chrono::milliseconds{60'000 - 12'345 - 1});
  EXPECT_TRUE(ours.bodies().empty()) << "the minute that it started in is another one's";
  pass(std::chrono::milliseconds{1});
  ASSERT_EQ(ours.bodies().size(), 1U);
  const auto body = sent_json::parse(ours.bodies()[0]);
  signed_report x;
  x.validator_uid = body.at("validator_uid").get<uint16_t>();
  x.epoch = body.at("epoch").get<uint64_t>();
  x.hotkey = body.at("hotkey").get<std::string>();
  x.issued_ms = body.at("issued").get<uint64_t>();
  x.signature = body.at("signature").get<std::string>();
  x.miner_statuses = body.at("miner_statuses").get<std::string>();
  EXPECT_EQ(x.validator_uid, 13);
  EXPECT_EQ(x.epoch, 1'767'225'660'000U / 60'000);
  EXPECT_TRUE(check_signed_report(x, unix_ms(), net::report_verifier_of_all()));
  EXPECT_TRUE(check_validator_of(x, chain.neurons));
  auto items = sent_json::parse(x.miner_statuses);
  ASSERT_EQ(items.size(), 2U);
  EXPECT_NEAR(items[0].at("performance_score").get<double>(), (0.6 + 0.3 * (1 - 1.5 / 3000)) / 0.9,
              1e-12);
  items[0].erase("performance_score");
  EXPECT_EQ(items[0], (sent_json{{"uid", 50},
                                 {"hotkey", "miner-50"},
                                 {"stake", 2},
                                 {"ip", "127.0.0.1"},
                                 {"port", 8050},
                                 {"is_serving", true},
                                 {"current_load", 3},
                                 {"last_seen", "2026-01-01T00:01:00Z"}}));
  EXPECT_EQ(items[1].at("is_serving"), false);
  ASSERT_EQ(theirs.bodies().size(), 1U);
  EXPECT_TRUE(theirs.bodies()[0].starts_with("validator_uid=13&epoch=29453761&miner_statuses=%5B"));
  pass(minute);
  EXPECT_EQ(sent_json::parse(ours.bodies().at(1)).at("epoch"), x.epoch + 1);
  const auto shown = view(sender);
  EXPECT_EQ(shown.rounds, 2U);
  EXPECT_EQ(shown.items, 2U);
  EXPECT_EQ(shown.serving, 1U);
  EXPECT_EQ(shown.targets.at(0).delivered, 2U);
  EXPECT_EQ(shown.targets.at(0).miners_processed, 2U);
}

TEST_F(report_sending, comes_back_with_the_newest_report_after_pauses_that_grow) {
  proxy bad;
  bad.next(proxy::status("500 Internal Server Error"));
  bad.next(
    {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"succ", byte_reply::then::close}); // cut
  bad.next({"", byte_reply::then::hang});
  bad.next(proxy::status("503 Service Unavailable"));
  reports_to(bad);
  const auto sender = start();
  pass(minute);
  EXPECT_GE(bad.bodies().size(), 4U);
  const auto now = view(sender).targets.at(0);
  EXPECT_EQ(now.failures, 4U);
  EXPECT_EQ(now.delivered, 1U) << now.last_error;
  const auto bodies = bad.bodies();
  EXPECT_EQ(std::set<std::string>(bodies.begin(), bodies.end()).size(), 1U)
    << "the same report, byte by byte";
}

TEST_F(report_sending, a_newer_report_takes_the_place_of_one_that_could_not_be_delivered) {
  proxy busy;
  busy.next(proxy::status("429 Too Many Requests", "Retry-After: 150\r\n"));
  reports_to(busy);
  const auto sender = start();
  pass(3 * minute);
  EXPECT_EQ(busy.bodies().size(), 1U) << "it is not asked before it wants to be";
  pass(2 * minute);
  const auto shown = view(sender).targets.at(0);
  EXPECT_EQ(shown.replaced, 2U);
  EXPECT_EQ(shown.delivered + shown.replaced, view(sender).rounds);
}

TEST_F(report_sending, fails_over_and_comes_back) {
  proxy first;
  const proxy second;
  reports_to(first, report_form::signed_json, report_mode::first);
  reports_to(second, report_form::signed_json, report_mode::first);
  first.next({"", byte_reply::then::reset});
  start();
  pass(minute);
  EXPECT_EQ(second.bodies().size(), 1U);
  EXPECT_EQ(first.bodies().at(0), second.bodies().at(0));
  pass(minute);
  EXPECT_EQ(first.bodies().size(), 2U);
  EXPECT_EQ(second.bodies().size(), 1U);
}

TEST_F(report_sending, a_refused_key_is_not_tried_again_before_its_file_has_another) {
  proxy strict;
  const auto file = key_file("key", "key_of_16_letters_1");
  reports_to(strict, report_form::original, report_mode::all, file);
  strict.next(proxy::status("403 Forbidden"));
  const auto sender = start();
  pass(5 * minute);
  ASSERT_EQ(strict.bodies().size(), 1U);
  EXPECT_EQ(view(sender).targets.at(0).state, report_target_state::stopped);
  EXPECT_NE(view(sender).targets.at(0).last_error.find("key_file"), std::string::npos);
  key_file("key", "key_of_16_letters_2");
  pass(minute);
  ASSERT_EQ(strict.server.requests().size(), 2U);
  EXPECT_NE(strict.server.requests()[1].find("X-API-Key: key_of_16_letters_2"), std::string::npos);
  EXPECT_EQ(view(sender).targets.at(0).delivered, 1U);
}

TEST_F(report_sending, a_key_file_that_cannot_be_used_is_stated_and_read_again) {
  const proxy strict;
  reports_to(strict, report_form::original, report_mode::all, folder.at("later"));
  const auto sender = start();
  pass(2 * minute);
  EXPECT_TRUE(strict.bodies().empty());
  EXPECT_NE(view(sender).targets.at(0).last_error.find("later"), std::string::npos);
  key_file("later", "key_of_16_letters_1");
  pass(minute);
  EXPECT_EQ(strict.bodies().size(), 1U);
}

TEST_F(report_sending, makes_no_report_for_a_hotkey_that_is_not_registered) {
  const proxy ours;
  reports_to(ours);
  chain.neurons.front().key = {"another"};
  const auto sender = start();
  pass(2 * minute);
  EXPECT_TRUE(ours.bodies().empty());
  EXPECT_EQ(view(sender).rounds_failed, 2U);
  EXPECT_NE(view(sender).last_error.find("is not registered on this subnet"), std::string::npos);
  chain.neurons.front().key = {keys.address};
  pass(minute);
  EXPECT_EQ(ours.bodies().size(), 1U);
}

TEST_F(report_sending, miners_without_an_axon_count_as_they_are_connected_here) {
  const proxy ours;
  reports_to(ours);
  config.settings.axons.clear();
  const auto miner
    = mock<miner_actor>([](const miner_question&) { return miner_answer{}; },
                        [](const miner_notice&) {}, [](atom::fence) { return atom::done_v; });
  roster_entries = {{{50}, {"miner-50"}, "a", miner}, {{51}, {"miner-51"}, "b", miner_actor{}}};
  start();
  pass(minute);
  EXPECT_TRUE(probed_places.empty());
  const auto items = sent_json::parse(
    sent_json::parse(ours.bodies().at(0)).at("miner_statuses").get<std::string>());
  EXPECT_EQ(items.at(0).at("is_serving"), true);
  EXPECT_EQ(items.at(0).at("performance_score"), 1.0);
  EXPECT_EQ(items.at(1).at("is_serving"), false);
  EXPECT_FALSE(items.at(1).contains("last_seen"));
}

TEST_F(report_sending, two_reports_of_one_epoch_never_differ) {
  const proxy ours;
  reports_to(ours);
  auto sender = start();
  pass(minute);
  kill(sender); // a restart in the same minute
  chain.neurons.back().stake += 1;
  sender = start();
  pass(std::chrono::seconds{10});
  EXPECT_EQ(ours.bodies().size(), 1U);
  pass(minute);
  shift_ms -= 120'000; // the clock goes back by two minutes
  pass(2 * minute);
  shift_ms += 120'000;
  pass(2 * minute);
  std::map<uint64_t, std::string> by_epoch;
  for (const auto& text : ours.bodies()) {
    const auto epoch = sent_json::parse(text).at("epoch").get<uint64_t>();
    const auto [at, fresh] = by_epoch.emplace(epoch, text);
    EXPECT_TRUE(fresh || at->second == text) << epoch;
  }
  EXPECT_GE(by_epoch.size(), 3U);
}

TEST_F(report_sending, a_round_that_takes_too_long_is_counted_and_ends) {
  const proxy ours;
  reports_to(ours);
  answers_probes = false;
  const auto sender = start();
  pass(3 * minute);
  EXPECT_EQ(view(sender).rounds_late, 2U);
  EXPECT_TRUE(ours.bodies().empty());
  held_probes();
  answers_probes = true;
  pass(minute);
  EXPECT_EQ(view(sender).rounds, 2U);
}

} // namespace
} // namespace sluice::test
