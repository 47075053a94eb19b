#include "actors/fleet/miner_entry.hpp"
#include "net/keys/session_key.hpp"
#include "net/miner_gateway/wire.hpp"
#include "tests/support/actor_test.hpp"
#include "tests/support/miner_messages.hpp"

#include <caf/event_based_actor.hpp>

namespace sluice::test {
namespace {

/// An entry whose miner is the test.
class miner_entries : public actor_test {
protected:
  const hotkey key{"5C9T"};
  std::vector<std::string> received;
  std::vector<miner_came> came;
  std::vector<miner_gone> gone;
  guard_ref node_side, peer_side;
  fleet_entry_actor entry;

  void raise(bool registered, const std::string& newest_protocol = "2") {
    const auto miner = keep(sys.spawn([this](caf::event_based_actor*) -> caf::behavior {
      return {[this](const fleet_frame& frame) { received.push_back(frame.bytes); }};
    }));
    const auto roster = mock<roster_actor>(
      [this, registered](atom::roster) {
        std::vector<roster_entry> all;
        if (registered)
          all.push_back({{7}, key, "", {}, false});
        return all;
      },
      [this](const miner_came& x) { came.push_back(x); },
      [this](const miner_gone& x) { gone.push_back(x); },
      [](atom::ban, const hotkey&, const ban_record&) { return atom::done_v; },
      [](atom::unban, const hotkey&) { return atom::done_v; },
      [](atom::view, const roster_watcher_actor&) { return roster_snapshot{}; });
    const auto any = [](frame_kind) { return true; };
    const auto secret = net::fresh_bytes();
    node_side = guard_ref::make(sys, {}, any);
    peer_side = guard_ref::make(sys, {}, any);
    peer_side->open(1, {secret, miner, any});
    hello_message who;
    who.role = fleet_role::miner;
    who.name = "m1";
    who.hotkey = key.value;
    who.engine = newest_protocol;
    entry = spawn_miner_entry(
      sys, {who, std::make_shared<session_handle>(1, peer_side.handle(), secret, node_side)},
      roster, liquidity_alone());
    node_side->open(1, {secret, caf::actor_cast<caf::actor>(entry), any});
    caf::anon_send(entry, atom::start_v);
    settle();
  }

  void send(const net::gateway_message& message, uint64_t protocol = gateway_protocol) {
    caf::anon_send(entry, fleet_frame{1,
                                      0,
                                      static_cast<uint8_t>(frame_kind::from_miner),
                                      net::write_message(message, protocol),
                                      {}});
    settle();
  }

  void hang_up() {
    peer_side->retire();
    settle();
  }

  ~miner_entries() override {
    if (peer_side)
      hang_up();
    came.clear();
    gone.clear();
    if (node_side)
      node_side->retire();
  }
};

TEST_F(miner_entries, a_registered_miner_is_asked_and_answers) {
  raise(true);
  ASSERT_EQ(came.size(), 1u);
  EXPECT_EQ(came[0].key, key);
  ASSERT_EQ(received.size(), 1u);
  EXPECT_NE(received[0].find("welcome"), std::string::npos);
  EXPECT_NE(received[0].find(R"("protocol":2)"), std::string::npos);
  rebalance_query query;
  query.deadline_ms = 1'000;
  question<miner_answer> asked{sys, came[0].handle, asking(query)};
  question<atom::done> fence{sys, came[0].handle, atom::fence_v};
  settle();
  ASSERT_EQ(received.size(), 2u);
  EXPECT_FALSE(asked.answered() || fence.answered());
  rebalance_reply reply;
  reply.accepted = true;
  send(net::wire_answer{1, {net::answer_body(reply).text()}});
  ASSERT_TRUE(asked.answered() && fence.answered());
  EXPECT_EQ(reply_in(asked.look()->body), reply);
}

TEST_F(miner_entries, the_roster_receives_the_mechanisms_that_a_miner_states) {
  raise(true, "2 leads trading");
  ASSERT_EQ(came.size(), 1u);
  EXPECT_EQ(came[0].mechanisms, (std::vector<std::string>{"leads", "trading"}));
  EXPECT_NE(received.at(0).find(R"("protocol":2)"), std::string::npos);
}

TEST_F(miner_entries, silence_is_an_error_when_its_time_is_over) {
  raise(true);
  rebalance_query query;
  query.deadline_ms = 1'000;
  question<miner_answer> asked{sys, came.at(0).handle, asking(query)};
  settle();
  advance(std::chrono::milliseconds(999));
  EXPECT_FALSE(asked.answered());
  advance(std::chrono::milliseconds(1));
  ASSERT_TRUE(asked.answered());
  EXPECT_FALSE(asked.look());
}

TEST_F(miner_entries, the_roster_receives_when_it_is_gone_and_questions_are_answered) {
  raise(true);
  question<miner_answer> asked{sys, came.at(0).handle, asking({})};
  settle();
  hang_up();
  ASSERT_EQ(gone.size(), 1u);
  EXPECT_EQ(gone[0].handle, came[0].handle);
  EXPECT_TRUE(asked.answered());
}

TEST_F(miner_entries, one_that_is_not_registered_is_refused_with_the_reason) {
  raise(false);
  EXPECT_TRUE(came.empty());
  ASSERT_EQ(received.size(), 1u);
  EXPECT_NE(received[0].find("unknown_hotkey"), std::string::npos) << received[0];
  EXPECT_FALSE(node_side->is_open(1));
}

TEST_F(miner_entries, what_cannot_be_read_ends_the_session_with_the_reason) {
  raise(true);
  caf::anon_send(entry, fleet_frame{1, 0, static_cast<uint8_t>(frame_kind::from_miner), "{", {}});
  settle();
  ASSERT_EQ(received.size(), 2u);
  EXPECT_NE(received[1].find("malformed"), std::string::npos) << received[1];
  EXPECT_EQ(gone.size(), 1u);
}

TEST_F(miner_entries, an_answer_that_cannot_be_read_ends_the_session_with_the_reason) {
  raise(true);
  question<miner_answer> asked{sys, came.at(0).handle, asking({})};
  settle();
  send(net::wire_answer{1, {R"({"accepted":1})"}});
  ASSERT_EQ(received.size(), 3u);
  EXPECT_NE(received[2].find("malformed"), std::string::npos) << received[2];
  EXPECT_NE(received[2].find("answer: body.accepted: expected true or false, got 1"),
            std::string::npos)
    << received[2];
  EXPECT_EQ(gone.size(), 1u);
  EXPECT_TRUE(asked.answered());
}

TEST_F(miner_entries, a_miner_of_an_older_release_is_answered_in_its_protocol) {
  raise(true, "");
  ASSERT_EQ(received.size(), 1u);
  EXPECT_EQ(received[0].find("protocol"), std::string::npos) << received[0];
  question<miner_answer> asked{sys, came.at(0).handle, asking({})};
  settle();
  EXPECT_EQ(received.at(1).find("mechanism"), std::string::npos) << received[1];
  rebalance_reply reply;
  reply.accepted = true;
  const net::wire_answer answer{1, {net::answer_body(reply).text()}};
  send(answer, 1);
  ASSERT_TRUE(asked.answered());
  EXPECT_EQ(reply_in(asked.look()->body), reply);
  send(answer, 2); // a message of another protocol
  EXPECT_NE(received.back().find("malformed"), std::string::npos) << received.back();
}

TEST_F(miner_entries, a_newer_miner_is_answered_in_ours) {
  raise(true, "3");
  EXPECT_NE(received.at(0).find(R"("protocol":2)"), std::string::npos) << received[0];
}

} // namespace
} // namespace sluice::test
