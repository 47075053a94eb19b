// A miner's connection to its validator: how it comes in, what it hears, how it comes back.
#include "net/sports/client.hpp"
#include "rules/sports/delivery_book.hpp"
#include "tests/support/byte_server.hpp"
#include "tests/support/cutting_relay.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/sports_wire_world.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <mutex>
#include <random>

namespace sluice::test {
namespace {

/// What a client reported.
struct client_event {
  std::string what; // "online", "lost", or the type of a frame
  std::string text; // address, why, data
  std::optional<miner_uid> uid{};
  uint64_t pause_ms = 0;
  bool was_online = false;
};

/// One miner with key 1, whose events wait to be read.
class client_under_test {
public:
  client_under_test(const sports_wire_world& world, uint16_t port,
                    const std::function<void(net::sports_client_terms&)>& change = {}) {
    net::sports_client_terms terms;
    terms.where = {{"127.0.0.1", port}, "/ws"};
    terms.link.base_ms = 1;
    terms.link.cap_ms = 8;
    terms.tick_ms = 2;
    if (change)
      change(terms);
    net::sports_client_events on;
    on.unix_us = [now = world.now] { return now->load(); };
    on.chance = [] { return 0; };
    on.online = [this](const std::string& validator, std::optional<miner_uid> uid) {
      push({"online", validator, uid});
    };
    on.received = [this](const std::string& type, const std::string& data) { push({type, data}); };
    on.lost = [this](const std::string& why, uint64_t pause_ms, bool was_online) {
      push({"lost", why, std::nullopt, pause_ms, was_online});
    };
    auto made = net::sports_client::start(
      std::move(terms),
      std::make_shared<net::sports_writer>(net::sports_signer_of(sports_wire_world::key(1))),
      std::move(on));
    if (!made)
      throw std::runtime_error(made.error().what);
    client = *std::move(made);
  }
  ~client_under_test() { client.reset(); } // nothing is called behind this

  std::optional<client_event> take() {
    const std::lock_guard lock{mutex_};
    if (events_.empty())
      return std::nullopt;
    auto x = std::move(events_.front());
    events_.pop_front();
    return x;
  }

  /// The next event of this name, past others; fails after a minute.
  client_event next(std::string_view what) {
    client_event found;
    EXPECT_TRUE(sports_wire_world::becomes([&] {
      for (auto x = take(); x; x = take())
        if (x->what == what) {
          found = *std::move(x);
          return true;
        }
      return false;
    }))
      << "no " << what;
    return found;
  }

  std::unique_ptr<net::sports_client> client;

private:
  void push(client_event x) {
    const std::lock_guard lock{mutex_};
    events_.push_back(std::move(x));
  }

  std::mutex mutex_;
  std::deque<client_event> events_;
};

class sports_client_test : public ::testing::Test {
protected:
  sports_client_test() { world.backend->add_miner(miner.address(), 31); }

  static std::string canonical(const std::string& object) { return *canonical_json(object); }
  static std::string prediction(const std::string& id) {
    return canonical(sports_wire_world::prediction(id));
  }

  sports_test_miner miner{sports_wire_world::key(1)};
  sports_wire_world world;
};

TEST_F(sports_client_test, comes_in_and_hears_answers_and_games) {
  client_under_test x{world, world.port()};
  const auto online = x.next("online");
  EXPECT_EQ(online.text, net::sports_signer_of(sports_wire_world::key(200)).address);
  EXPECT_EQ(online.uid, (miner_uid{31}));
  x.client->send("prediction", prediction("p1"));
  const auto answers = net::answers_of_data(x.next("confirmation").text);
  ASSERT_TRUE(answers) << answers.error().what;
  ASSERT_EQ(answers->size(), 1U);
  EXPECT_EQ(answers->front().prediction_id, "p1");
  EXPECT_EQ(answers->front().code, prediction_code::accepted);
  world.connections->publish(std::vector{sports_wire_world::game("501")});
  const auto page = net::games_of_data(x.next("game_update").text);
  ASSERT_TRUE(page) << page.error().what;
  EXPECT_EQ(page->games.front().external_id, "501");
}

TEST_F(sports_client_test, states_why_it_is_not_let_in_and_tries_again) {
  world.backend->remove_miner(miner.address());
  client_under_test x{world, world.port()};
  uint64_t before = 0;
  for (int i = 0; i < 3; ++i) {
    const auto lost = x.next("lost");
    EXPECT_NE(lost.text.find("not registered"), std::string::npos) << lost.text;
    EXPECT_FALSE(lost.was_online);
    EXPECT_GT(lost.pause_ms, before) << "pauses double";
    before = lost.pause_ms;
  }
  world.backend->add_miner(miner.address(), 31);
  EXPECT_EQ(x.next("online").uid, (miner_uid{31}));
}

TEST_F(sports_client_test, comes_back_after_the_validator_was_away) {
  cutting_relay relay{world.port(), [](std::string_view) { return std::nullopt; }};
  client_under_test x{world, relay.port()};
  x.next("online");
  world.restart();
  EXPECT_TRUE(x.next("lost").was_online);
  relay.lead_to(world.port());
  x.next("online");
  x.client->send("prediction", prediction("p1"));
  EXPECT_EQ(net::answers_of_data(x.next("confirmation").text)->front().prediction_id, "p1");
}

TEST_F(sports_client_test, waits_for_nobody_for_ever) {
  const byte_server silent{[](const std::string&) {
    return byte_reply{"", byte_reply::then::hang};
  }};
  client_under_test x{world, silent.port(),
                      [](net::sports_client_terms& terms) { terms.link.connect_ms = 30; }};
  for (int i = 0; i < 2; ++i) {
    const auto lost = x.next("lost");
    EXPECT_FALSE(lost.was_online);
    EXPECT_NE(lost.text, "");
  }
  // The end of its scope comes while it connects.
}

TEST_F(sports_client_test, ends_a_connection_with_frames_that_are_not_fresh) {
  client_under_test x{world, world.port()};
  x.next("online");
  world.now->fetch_add(int64_t{86'400} * 1'000'000);
  // The client's clock is the same: what the validator says now is fresh, what we say is, too.
  x.client->send("prediction", prediction("p1"));
  EXPECT_EQ(net::answers_of_data(x.next("confirmation").text)->front().prediction_id, "p1");
  client_under_test far{world, world.port(),
                        [](net::sports_client_terms& terms) { terms.freshness_s = 0; }};
  far.next("online"); // in the same microsecond of a clock that stands
}

TEST_F(sports_client_test, refuses_a_certificate_authority_that_it_cannot_read) {
  const scratch_folder folder;
  net::sports_client_terms terms;
  terms.where = {{"127.0.0.1", 1}, "/ws", true, folder.write("ca.pem", "no certificate")};
  const auto made = net::sports_client::start(
    std::move(terms),
    std::make_shared<net::sports_writer>(net::sports_signer_of(sports_wire_world::key(1))), {});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ec::bad_input);
  EXPECT_NE(made.error().what.find("ca.pem"), std::string::npos);
}

/// Sends everything until everything is answered, over a connection that is cut.
struct delivering_miner {
  explicit delivering_miner(client_under_test& x, size_t predictions) : client(x) {
    for (uint64_t number = 1; number <= predictions; ++number)
      book.add({number, id_of(number),
                *canonical_json(sports_wire_world::prediction(id_of(number))),
                sports_wire_world::begin_us * 2});
  }
  static std::string id_of(uint64_t number) { return "p" + std::to_string(number); }

  void send_all() {
    for (;;) {
      const auto all = book.to_send("v", ++moment, 3, 4096);
      if (all.empty())
        return;
      std::vector<std::string> objects;
      std::vector<uint64_t> numbers;
      for (const auto* x : all) {
        objects.push_back(x->data);
        numbers.push_back(x->number);
      }
      book.sent("v", numbers, prediction_way::websocket, moment);
      client.client->send("prediction", net::predictions_data(objects));
    }
  }

  void step() {
    while (auto x = client.take()) {
      if (x->what == "online")
        is_online = true;
      if (x->what == "lost")
        is_online = false;
      if (x->what == "online" || x->what == "lost")
        book.lost("v");
      if (x->what != "confirmation")
        continue;
      const auto answers = *net::answers_of_data(x->text);
      for (const auto& answer : answers)
        first_answers += book.answered("v", answer, ++moment).first ? 1 : 0;
    }
    if (is_online)
      send_all();
  }

  client_under_test& client;
  delivery_book book{{"v"}};
  bool is_online = false;
  int64_t moment = 1;
  uint64_t first_answers = 0;
};

// 20 rounds: the connection is cut after any byte, again and again; in the end everything is stored
// once and confirmed once.
TEST_F(sports_client_test, delivers_everything_once_wherever_the_connection_is_cut) {
  constexpr size_t predictions = 24;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 chance{seed};
    int left = 6;
    sports_wire_world here;
    here.backend->add_miner(miner.address(), 31);
    cutting_relay relay{here.port(), [&](std::string_view) -> std::optional<uint64_t> {
                          return left-- > 0 ? std::optional{1 + chance() % 9000} : std::nullopt;
                        }};
    client_under_test x{here, relay.port()};
    delivering_miner me{x, predictions};
    ASSERT_TRUE(sports_wire_world::becomes([&] {
      me.step();
      return me.book.counts("v", me.moment).confirmed == predictions;
    }))
      << me.book.counts("v", me.moment).pending << " pending";
    EXPECT_EQ(me.first_answers, predictions);
    EXPECT_EQ(here.backend->stored().size(), predictions);
    EXPECT_GT(relay.cuts(), 0U);
  }
}

} // namespace
} // namespace sluice::test
