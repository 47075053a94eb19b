/// An indexer source in virtual time against an indexer on a real socket.
#pragma once

#include "actors/trading/indexer_source.hpp"
#include "io/trading/rows.hpp"
#include "tests/support/actor_test.hpp"
#include "tests/support/indexer_server.hpp"
#include "tests/support/pumped_client.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace sluice::test {

inline const std::string first_coldkey = "5HdSvEGXkSRmgBZB6p2WmerfGAU2r8Sgvucs5UeM1oLStMoC";
inline const std::string second_coldkey = "5EHL1GxEDtsapQkaFs7NvjEJReHiJkQRkNQanCXr8b1g2qj9";
inline const std::string some_hotkey = "5FA9nQDVg267DEd8m1ZypXLBnvN7SFxYwV7ndqSYGiN9TTpu";

class indexer_world : public actor_test {
protected:
  /// Milliseconds since 1970 when the test begins. Errors: none.
  static constexpr uint64_t begin_ms = 1'760'000'000'000; // 2025-10-09T08:53:20Z

  explicit indexer_world(indexer_server::form form = indexer_server::form::taostats)
    : server(form) {
    feed.name = "indexer";
    feed.kind = form == indexer_server::form::taoapp ? trading_feed_kind::taoapp
                                                     : trading_feed_kind::taostats;
    feed.url = server.url();
    feed.page_size = 2;
    feed.request_ms = 60'000;
    write_key("secret");
  }

  void write_key(const std::string& key) {
    feed.key_file = folder.write("key", key + "\n");
    ::chmod(feed.key_file.c_str(), 0600);
  }

  /// This machine's clock in the test: moves with the test's time, and by `shift_ms`.
  uint64_t unix_ms() {
    const auto passed = sched.clock().now() - began_;
    return begin_ms + shift_ms
           + static_cast<uint64_t>(
             std::chrono::duration_cast<std::chrono::milliseconds>(passed).count());
  }

  int64_t now_us() { return static_cast<int64_t>(unix_ms()) * 1000; }

  /// Row number `i` of taostats at this time. `i`: from 0; amounts follow from it.
  static std::string row_of(const std::string& coldkey, int i, int64_t time_us) {
    return taostats_row(coldkey, some_hotkey,
                        "ext-" + coldkey.substr(1, 3) + "-" + std::to_string(i),
                        io::iso_time(time_us), 5'000'000 + static_cast<uint64_t>(i), 3, i % 3 != 2,
                        1000 + i, 2000 + i);
  }

  /// `n` rows of taostats, a second apart, the newest first, from an hour before the test began.
  static std::vector<std::string> rows_of(const std::string& coldkey, int n) {
    std::vector<std::string> all;
    for (int i = n; i-- > 0;)
      all.push_back(
        row_of(coldkey, i, (static_cast<int64_t>(begin_ms / 1000) - 3600 + i) * us_per_second));
    return all;
  }

  void start(const std::vector<std::string>& coldkeys) {
    source = keep(spawn_indexer_source(sys, {feed, [this] { return unix_ms(); },
                                             [n = uint64_t{0}]() mutable { return n++; },
                                             ++incarnation, client.caller()}));
    request = {};
    want(coldkeys);
    take();
  }

  /// With the next request.
  void want(const std::vector<std::string>& coldkeys) {
    std::vector<source_target> all;
    for (const auto& x : coldkeys)
      all.push_back({x, synced.contains(x) ? std::optional{synced.at(x)} : std::nullopt});
    request.targets = std::make_shared<const std::vector<source_target>>(std::move(all));
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

  source_delivery take() {
    auto x = ask<source_delivery>(source, request);
    request.targets = nullptr;
    run();
    return x;
  }

  /// Takes and stores everything that has come, as the trading actor does.
  void store_all() {
    for (int i = 0; i < 100; ++i) {
      const auto x = take();
      if (x.mark.number == 0)
        return;
      store(x);
    }
  }

  void store(const source_delivery& x) {
    for (const auto& rows : *x.rows) {
      for (const auto& event : rows.events)
        stored[event.extrinsic] = event; // what is there already changes nothing
      if (rows.synced)
        synced[rows.coldkey] = *rows.synced;
    }
    request.durable = x.mark;
  }

  source_view view() { return ask<source_view>(source, atom::view_v); }
  source_view obey(source_order order) {
    auto x = ask<source_view>(source, source_command{order});
    run();
    return x;
  }

  /// "COLDKEY'S FIRST LETTERS:PAGE ..." of the requests from this one on.
  std::string asked(size_t from = 0) const {
    std::string all;
    const auto requests = server.requests();
    for (size_t i = from; i < requests.size(); ++i)
      all += (all.empty() ? "" : " ") + requests[i].coldkey.substr(0, 3) + ':'
             + std::to_string(requests[i].page);
    return all;
  }

  static byte_reply failing(const std::string& status) { return {http_bytes(status, "{}")}; }
  static byte_reply good() { return {}; }

  indexer_server server;
  pumped_client client;
  trading_feed feed;
  trading_source_actor source;
  source_request request;
  uint64_t incarnation = 0;
  uint64_t shift_ms = 0;
  std::map<std::string, sync_point> synced;
  std::map<std::string, trading_event> stored; // by extrinsic

private:
  const caf::actor_clock::time_point began_ = sched.clock().now();
};

} // namespace sluice::test
