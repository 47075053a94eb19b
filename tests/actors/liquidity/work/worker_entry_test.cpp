#include "actors/liquidity/work/work_messages.hpp"
#include "actors/liquidity/work/worker_entry.hpp"
#include "net/keys/session_key.hpp"
#include "storage/codec.hpp"
#include "tests/support/job_world.hpp"

#include <caf/event_based_actor.hpp>

namespace sluice::test {
namespace {

/// An entry whose worker is the test.
class worker_entries : public actor_test {
protected:
  const std::shared_ptr<const window> market = market_of(small_job(), 100, 110);
  std::vector<fleet_frame> received;
  std::vector<worker_came> came;
  guard_ref node_side, peer_side;
  worker_entry_actor entry;

  void raise() {
    const auto worker = keep(sys.spawn([this](caf::event_based_actor*) -> caf::behavior {
      return {[this](const fleet_frame& frame) { received.push_back(frame); }};
    }));
    const auto pool = mock<simulator_pool_actor>(
      [](const simulation&) -> caf::result<simulation_result> { return simulation_result{}; },
      [this](const worker_came& x) { came.push_back(x); }, [](const worker_gone&) {},
      [](atom::due) {}, [](atom::roster) -> std::vector<worker_row> { return {}; });
    const auto any = [](frame_kind) { return true; };
    const auto key = net::fresh_bytes();
    node_side = guard_ref::make(sys, {}, any);
    peer_side = guard_ref::make(sys, {}, any);
    peer_side->open(1, {key, worker, any});
    hello_message who;
    who.name = "w";
    who.cores = 3;
    entry = spawn_worker_entry(
      sys, {who, std::make_shared<session_handle>(1, peer_side.handle(), key, node_side)}, pool);
    node_side->open(1, {key, caf::actor_cast<caf::actor>(entry), any});
    settle();
  }

  ~worker_entries() override {
    came.clear(); // holds the entry
    if (peer_side) {
      peer_side->retire();
      node_side->retire();
    }
  }

  template <class Message>
  void send(frame_kind kind, const Message& message) {
    caf::anon_send(entry,
                   fleet_frame{1, 0, static_cast<uint8_t>(kind), storage::encode(message), {}});
    settle();
  }

  simulation work() const { return {market, {plan{}, plan{}}, pool_model::observed, 10}; }
};

TEST_F(worker_entries, it_introduces_its_worker_when_messages_may_be_sent_to_it) {
  raise();
  EXPECT_TRUE(came.empty());
  caf::anon_send(entry, atom::start_v);
  settle();
  ASSERT_EQ(came.size(), 1u);
  EXPECT_EQ(came[0].name, "w");
  EXPECT_EQ(came[0].cores, 3u);
}

TEST_F(worker_entries, an_answer_to_nothing_does_no_harm) {
  raise();
  send(frame_kind::work_done, work_done_message{77, {}});
  send(frame_kind::work_undone, work_undone_message{77, 1});
  question<simulation_result> asked{sys, entry, work()};
  settle();
  ASSERT_EQ(received.size(), 3u) << "market, blocks, work";
  const std::vector<result<plan_outcome>> outcomes(2, plan_outcome{});
  send(frame_kind::work_done, work_done_message{1, to_wire(outcomes)});
  ASSERT_TRUE(asked.answered());
  send(frame_kind::work_done, work_done_message{1, to_wire(outcomes)}); // once more
  EXPECT_EQ(asked.look()->outcomes.size(), 2u);
  EXPECT_TRUE(node_side->is_open(1));
}

TEST_F(worker_entries, who_answers_what_cannot_be_is_sent_away) {
  for (const auto& bytes :
       {std::string{"garbage"}, storage::encode(work_done_message{1, {}}),
        storage::encode(work_done_message{1, {{200, "", {}}, {200, "", {}}}})}) {
    raise();
    question<simulation_result> asked{sys, entry, work()};
    settle();
    caf::anon_send(entry,
                   fleet_frame{1, 0, static_cast<uint8_t>(frame_kind::work_done), bytes, {}});
    settle();
    ASSERT_TRUE(asked.answered());
    EXPECT_NE(sentence(asked.look().error()).find("worker w: sent what cannot be"),
              std::string::npos)
      << sentence(asked.look().error());
    EXPECT_FALSE(node_side->is_open(1));
  }
}

TEST_F(worker_entries, who_breaks_the_rules_is_over) {
  raise();
  question<simulation_result> asked{sys, entry, work()};
  settle();
  caf::anon_send(entry, fleet_offence{1, "sent faster than it may"});
  settle();
  ASSERT_TRUE(asked.answered());
  EXPECT_NE(sentence(asked.look().error()).find("sent faster than it may"), std::string::npos);
}

} // namespace
} // namespace sluice::test
