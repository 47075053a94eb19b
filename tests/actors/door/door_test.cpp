// The door's server runs in a thread of its own, so these run in real time, on real sockets.
#include "actors/door/door.hpp"
#include "actors/keeper.hpp"
#include "actors/roster.hpp"
#include "messages/all.hpp"
#include "storage/tables.hpp"
#include "tests/support/door_world.hpp"
#include "tests/support/miner_messages.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/layout.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <gtest/gtest.h>

#include <optional>

namespace sluice::test {
namespace {

struct real_config : caf::actor_system_config {
  real_config() {
    add_all_messages(*this);
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", size_t{2});
    set("logger.verbosity", caf::atom("quiet"));
    set("logger.console", caf::atom("none"));
  }
};

class door_actor_test : public ::testing::Test {
protected:
  door_actor_test() {
    std::vector<allowed_miner> known;
    for (uint8_t n = 1; n <= 3; ++n)
      known.push_back({{n}, {key_number(n).address}});
    auto opened = storage::data_dir::open(folder.path() / "data", {"0.1.0", 1, ""},
                                          storage::open_mode::create_or_continue,
                                          {.layout = &test::layout()});
    disk = std::make_shared<storage::data_dir>(*std::move(opened));
    keeper = spawn_keeper(system, {disk, true});
    roster = spawn_roster(system, {{}, known}, {disk, keeper});
    auto bound = net::listening_socket::open("127.0.0.1:0");
    socket = std::make_shared<const net::listening_socket>(*std::move(bound));
    door = raise();
  }

  ~door_actor_test() override {
    end(door);
    end(roster);
    end(keeper);
  }

  door_actor raise() {
    door_config config;
    config.terms.shake.node = "node";
    config.terms.tick_ms = 10;
    config.terms.limits = door_world::quick_terms().limits;
    config.unix_ms = unix_now_ms;
    config.mechanisms = liquidity_alone();
    return spawn_door(system, std::move(config), {disk, keeper, roster, socket});
  }

  template <class Handle>
  void end(Handle& x, caf::exit_reason why = caf::exit_reason::user_shutdown) {
    self->monitor(x);
    caf::anon_send_exit(x, why);
    self->receive([](const caf::down_msg&) {});
    x = nullptr;
  }

  template <class Answer, class Handle, class... Ts>
  Answer ask(const Handle& whom, Ts&&... xs) {
    Answer got{};
    self->request(whom, caf::infinite, std::forward<Ts>(xs)...)
      .receive([&](Answer& x) { got = std::move(x); },
               [](const caf::error& why) { ADD_FAILURE() << sentence(why); });
    return got;
  }

  roster_entry entry(uint16_t uid) {
    for (const auto& x : ask<std::vector<roster_entry>>(roster, atom::roster_v))
      if (x.uid.value == uid)
        return x;
    return {};
  }

  /// Waits until this uid is there, or is away.
  roster_entry wait(uint16_t uid, bool there) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (std::chrono::steady_clock::now() < until)
      if (auto x = entry(uid); bool{x.way} == there)
        return x;
    ADD_FAILURE() << "uid " << uid << (there ? " does not come" : " does not go");
    return {};
  }

  door_url url() const { return {door_scheme::ws, {"127.0.0.1", socket->port()}, "/"}; }

  static rebalance_query query(uint64_t deadline_ms = 60'000) {
    rebalance_query x;
    x.job = {"pair"};
    x.round = {x.job, round_kind::evaluation, {1}};
    x.deadline_ms = deadline_ms;
    return x;
  }

  scratch_folder folder;
  real_config config_;
  caf::actor_system system{config_};
  caf::scoped_actor self{system};
  std::shared_ptr<storage::data_dir> disk;
  keeper_actor keeper;
  roster_actor roster;
  std::shared_ptr<const net::listening_socket> socket;
  door_actor door;
};

TEST_F(door_actor_test, who_comes_in_is_asked_like_any_other_miner) {
  knocker miner{url(), key_number(2)};
  EXPECT_EQ(miner.heard.wait("welcome"), "welcome 1");
  const auto way = wait(2, true).way;
  EXPECT_TRUE(reply_in(ask<miner_answer>(way, asking(query())).body).accepted);
  self->send(way, telling(proposal_refused{query().round, 1, "no"}));
  self->send(way, telling(some_scores()));
  EXPECT_EQ(miner.heard.wait("invalid"), "invalid");
  EXPECT_EQ(miner.heard.wait("scores"), "scores");
  EXPECT_EQ(ask<atom::done>(way, atom::fence_v), atom::done_v);
  const auto seen = ask<door_view>(door, atom::view_v);
  EXPECT_EQ(seen.address, socket->address());
  ASSERT_EQ(seen.sessions.size(), 1U);
  EXPECT_EQ(seen.sessions[0].uid, miner_uid{2});
  EXPECT_EQ(seen.sessions[0].asked, 1U);
  EXPECT_EQ(seen.sessions[0].answered, 1U);
  EXPECT_EQ(seen.sessions[0].software, "knocker");
}

TEST_F(door_actor_test, a_deadline_runs_out_by_itself_and_the_session_goes_on) {
  knocker miner{url(), key_number(2)};
  miner.heard.wait("welcome");
  miner.answers = false;
  const auto way = wait(2, true).way;
  caf::error why;
  self->request(way, caf::infinite, asking(query(20)))
    .receive([](const miner_answer&) { ADD_FAILURE() << "an answer"; },
             [&](const caf::error& x) { why = x; });
  EXPECT_EQ(why, caf::sec::request_timeout);
  miner.answers = true;
  EXPECT_TRUE(reply_in(ask<miner_answer>(way, asking(query())).body).accepted);
}

TEST_F(door_actor_test, a_miner_that_goes_while_it_is_asked_is_an_answer) {
  std::optional<knocker> miner{std::in_place, url(), key_number(2)};
  miner->heard.wait("welcome");
  miner->answers = false;
  const auto way = wait(2, true).way;
  auto asked = self->request(way, caf::infinite, asking(query()));
  miner->heard.wait("question");
  miner.reset();
  caf::error why;
  asked.receive([](const miner_answer&) { ADD_FAILURE() << "an answer"; },
                [&](const caf::error& x) { why = x; });
  EXPECT_EQ(why, caf::sec::request_receiver_down);
  EXPECT_TRUE(wait(2, false).seen);
}

TEST_F(door_actor_test, a_ban_ends_the_session_and_keeps_the_hotkey_out) {
  knocker miner{url(), key_number(3)};
  miner.heard.wait("welcome");
  wait(3, true);
  ask<atom::done>(roster, atom::ban_v, hotkey{key_number(3).address}, ban_record{"rude", "ops", 1});
  EXPECT_EQ(miner.heard.wait("bye"), "bye banned by the operator: rude");
  EXPECT_FALSE(entry(3).way);
  knocker again{url(), key_number(3)};
  EXPECT_NE(again.heard.wait("refused banned"), "");
  ask<atom::done>(roster, atom::unban_v, hotkey{key_number(3).address});
  knocker forgiven{url(), key_number(3)};
  EXPECT_NE(forgiven.heard.wait("welcome"), "");
}

TEST_F(door_actor_test, every_life_is_durable_before_its_first_challenge) {
  for (uint64_t life = 1; life <= 3; ++life) {
    knocker miner{url(), key_number(1)};
    EXPECT_NE(miner.heard.wait("welcome"), "");
    EXPECT_EQ(storage::tables::door_lives.get(*disk, storage::tables::door_key)->number, life);
    end(door);
    EXPECT_TRUE(miner.heard.wait("bye").starts_with("bye closing"));
    door = raise();
  }
}

TEST_F(door_actor_test, its_fall_closes_every_connection_and_answers_what_was_asked) {
  knocker miner{url(), key_number(1)};
  miner.heard.wait("welcome");
  miner.answers = false;
  const auto way = wait(1, true).way;
  auto asked = self->request(way, caf::infinite, asking(query()));
  miner.heard.wait("question");
  end(door, caf::exit_reason::kill);
  caf::error why;
  asked.receive([](const miner_answer&) { ADD_FAILURE() << "an answer"; },
                [&](const caf::error& x) { why = x; });
  EXPECT_EQ(why, caf::sec::request_receiver_down);
  EXPECT_NE(miner.heard.wait("lost"), "");
  door = raise();
}

} // namespace
} // namespace sluice::test
