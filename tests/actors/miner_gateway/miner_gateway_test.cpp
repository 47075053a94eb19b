// The miner gateway's server runs in a thread of its own, so these run in real time, on real
// sockets.
#include "actors/miner_gateway/miner_gateway.hpp"
#include "actors/roster.hpp"
#include "actors/storage_writer.hpp"
#include "messages/all.hpp"
#include "storage/tables.hpp"
#include "tests/support/gateway_world.hpp"
#include "tests/support/layout.hpp"
#include "tests/support/miner_messages.hpp"
#include "tests/support/scratch_folder.hpp"

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

class miner_gateway_test : public ::testing::Test {
protected:
  miner_gateway_test() {
    std::vector<allowed_miner> known;
    for (uint8_t n = 1; n <= 3; ++n)
      known.push_back({{n}, {key_number(n).address}});
    auto opened = storage::data_dir::open(folder.path() / "data", {"0.1.0", 1, ""},
                                          storage::open_mode::create_or_continue,
                                          {.layout = &test::layout()});
    disk = std::make_shared<storage::data_dir>(*std::move(opened));
    storage_writer = spawn_storage_writer(system, {disk, true});
    roster = spawn_roster(system, {{}, known}, {disk, storage_writer});
    auto bound = net::listening_socket::open("127.0.0.1:0");
    socket = std::make_shared<const net::listening_socket>(*std::move(bound));
    gateway = raise();
  }

  ~miner_gateway_test() override {
    end(gateway);
    end(roster);
    end(storage_writer);
  }

  miner_gateway_actor raise() {
    miner_gateway_config config;
    config.terms.shake.node = "node";
    config.terms.tick_ms = 10;
    config.terms.limits = gateway_world::quick_terms().limits;
    config.unix_ms = unix_now_ms;
    config.mechanisms = liquidity_alone();
    return spawn_miner_gateway(system, std::move(config), {disk, storage_writer, roster, socket});
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
      if (auto x = entry(uid); bool{x.handle} == there)
        return x;
    ADD_FAILURE() << "uid " << uid << (there ? " does not come" : " does not go");
    return {};
  }

  gateway_url url() const { return {gateway_scheme::ws, {"127.0.0.1", socket->port()}, "/"}; }

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
  storage_writer_actor storage_writer;
  roster_actor roster;
  std::shared_ptr<const net::listening_socket> socket;
  miner_gateway_actor gateway;
};

TEST_F(miner_gateway_test, who_comes_in_is_asked_like_any_other_miner) {
  test_client miner{url(), key_number(2)};
  EXPECT_EQ(miner.received.wait("welcome"), "welcome 1");
  const auto handle = wait(2, true).handle;
  EXPECT_TRUE(reply_in(ask<miner_answer>(handle, asking(query())).body).accepted);
  self->send(handle, notice_of(proposal_refused{query().round, 1, "no"}));
  self->send(handle, notice_of(some_scores()));
  EXPECT_EQ(miner.received.wait("invalid"), "invalid");
  EXPECT_EQ(miner.received.wait("scores"), "scores");
  EXPECT_EQ(ask<atom::done>(handle, atom::fence_v), atom::done_v);
  const auto seen = ask<gateway_view>(gateway, atom::view_v);
  EXPECT_EQ(seen.address, socket->address());
  ASSERT_EQ(seen.sessions.size(), 1U);
  EXPECT_EQ(seen.sessions[0].uid, miner_uid{2});
  EXPECT_EQ(seen.sessions[0].asked, 1U);
  EXPECT_EQ(seen.sessions[0].answered, 1U);
  EXPECT_EQ(seen.sessions[0].software, "test-client");
}

TEST_F(miner_gateway_test, a_deadline_runs_out_by_itself_and_the_session_goes_on) {
  test_client miner{url(), key_number(2)};
  miner.received.wait("welcome");
  miner.answers = false;
  const auto handle = wait(2, true).handle;
  caf::error why;
  self->request(handle, caf::infinite, asking(query(20)))
    .receive([](const miner_answer&) { ADD_FAILURE() << "an answer"; },
             [&](const caf::error& x) { why = x; });
  EXPECT_EQ(why, caf::sec::request_timeout);
  miner.answers = true;
  EXPECT_TRUE(reply_in(ask<miner_answer>(handle, asking(query())).body).accepted);
}

TEST_F(miner_gateway_test, a_miner_that_goes_while_it_is_asked_is_an_answer) {
  std::optional<test_client> miner{std::in_place, url(), key_number(2)};
  miner->received.wait("welcome");
  miner->answers = false;
  const auto handle = wait(2, true).handle;
  auto asked = self->request(handle, caf::infinite, asking(query()));
  miner->received.wait("question");
  miner.reset();
  caf::error why;
  asked.receive([](const miner_answer&) { ADD_FAILURE() << "an answer"; },
                [&](const caf::error& x) { why = x; });
  EXPECT_EQ(why, caf::sec::request_receiver_down);
  EXPECT_TRUE(wait(2, false).seen);
}

TEST_F(miner_gateway_test, a_ban_ends_the_session_and_keeps_the_hotkey_out) {
  test_client miner{url(), key_number(3)};
  miner.received.wait("welcome");
  wait(3, true);
  ask<atom::done>(roster, atom::ban_v, hotkey{key_number(3).address}, ban_record{"rude", "ops", 1});
  EXPECT_EQ(miner.received.wait("bye"), "bye banned by the operator: rude");
  EXPECT_FALSE(entry(3).handle);
  test_client again{url(), key_number(3)};
  EXPECT_NE(again.received.wait("refused banned"), "");
  ask<atom::done>(roster, atom::unban_v, hotkey{key_number(3).address});
  test_client forgiven{url(), key_number(3)};
  EXPECT_NE(forgiven.received.wait("welcome"), "");
}

TEST_F(miner_gateway_test, every_incarnation_is_durable_before_its_first_challenge) {
  for (uint64_t incarnation = 1; incarnation <= 3; ++incarnation) {
    test_client miner{url(), key_number(1)};
    EXPECT_NE(miner.received.wait("welcome"), "");
    EXPECT_EQ(
      storage::tables::miner_gateway_incarnations.get(*disk, storage::tables::gateway_key)->number,
      incarnation);
    end(gateway);
    EXPECT_TRUE(miner.received.wait("bye").starts_with("bye closing"));
    gateway = raise();
  }
}

TEST_F(miner_gateway_test, its_failure_closes_every_connection_and_answers_what_was_asked) {
  test_client miner{url(), key_number(1)};
  miner.received.wait("welcome");
  miner.answers = false;
  const auto handle = wait(1, true).handle;
  auto asked = self->request(handle, caf::infinite, asking(query()));
  miner.received.wait("question");
  end(gateway, caf::exit_reason::kill);
  caf::error why;
  asked.receive([](const miner_answer&) { ADD_FAILURE() << "an answer"; },
                [&](const caf::error& x) { why = x; });
  EXPECT_EQ(why, caf::sec::request_receiver_down);
  EXPECT_NE(miner.received.wait("lost"), "");
  gateway = raise();
}

} // namespace
} // namespace sluice::test
