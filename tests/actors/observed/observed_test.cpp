#include "actors/base/default_handlers.hpp"
#include "actors/base/supervisor.hpp"
#include "actors/observed/observed.hpp"
#include "messages/admin.hpp"
#include "tests/support/actor_test.hpp"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;
using worker_actor = caf::typed_actor<caf::replies_to<atom::fence>::with<atom::done>,
                                      caf::reacts_to<atom::due>, caf::reacts_to<atom::start>>;

struct worker_state {
  static inline const char* name = "worker";
};

worker_actor::behavior_type worker(observed_pointer<worker_actor, worker_state> self) {
  install_default_handlers(self, [] { return std::string{R"({"mood":"good"})"}; });
  return {[](atom::fence) { return atom::done_v; },
          [](atom::due) { throw std::runtime_error("broken invariant"); },
          [](atom::start) {
            for (const auto until = std::chrono::steady_clock::now() + 20ms;
                 std::chrono::steady_clock::now() < until;)
              ;
          }};
}

struct owner_state {
  explicit owner_state(observed_plain_pointer<node_actor> self)
    : children(self, {.restarts_max = 1, .expects_failures = true}) {}
  static inline const char* name = "owner";
  supervisor children;
};

class observed : public actor_test {
protected:
  std::shared_ptr<actor_stats> root; // the owner's
  std::map<std::string, worker_actor> workers;
  node_actor owner;

  void SetUp() override {
    const spawn_watch spawned;
    owner = keep(sys.spawn(
      [this](observed_pointer<node_actor, owner_state> self) -> node_actor::behavior_type {
        install_default_handlers(self);
        for (const std::string name : {"a", "b"})
          self->state.children.add({name, restart_rule::permanent, [this, name] {
                                      workers[name] = sys.spawn(worker);
                                      return caf::actor_cast<caf::actor>(workers[name]);
                                    }});
        return {[](atom::start) {}, [](atom::reload) {}};
      }));
    root = spawned.stats_of(owner.id());
    settle();
  }

  slot_view slot(size_t i) { return root->slots().at(i)->look(); }
};

TEST_F(observed, messages_are_counted_and_the_mailbox_empties) {
  caf::anon_send(workers["a"], atom::fence_v);
  caf::anon_send(workers["a"], atom::fence_v);
  EXPECT_EQ(slot(0).stats->mailbox(), 2u);
  settle();
  EXPECT_EQ(slot(0).stats->mailbox(), 0u);
  EXPECT_EQ(slot(0).stats->counts().handled, 2u);
  EXPECT_EQ(slot(1).stats->counts().handled, 0u);
  EXPECT_EQ(slot(0).stats->kind(), "worker");
}

TEST_F(observed, the_message_in_hand_is_known_by_number_and_type) {
  struct seen_in_hand {
    std::optional<message_in_hand> now;
    std::string type;
  };
  const auto stats = slot(0).stats;
  EXPECT_FALSE(stats->message_now());
  seen_in_hand seen;
  const auto looker = keep(sys.spawn(
    [&](observed_pointer<worker_actor, worker_state> self) -> worker_actor::behavior_type {
      return {[&, self](atom::fence) {
                seen.now = self->observed().stats->message_now();
                seen.type = message_type_name(seen.now->type);
                return atom::done_v;
              },
              [&, self](atom::due) {
                const announced_work asked{*self->observed().stats, work_kind::commit};
                seen.now = self->observed().stats->message_now();
              },
              [](atom::start) {}};
    }));
  ask<atom::done>(looker, atom::fence_v);
  ASSERT_TRUE(seen.now);
  EXPECT_EQ(seen.type, "fence");
  EXPECT_EQ(seen.now->work, work_kind::message);
  const auto before = seen.now->number;
  caf::anon_send(looker, atom::due_v);
  settle();
  EXPECT_EQ(seen.now->number, before + 2) << "another message, and what it does";
  EXPECT_EQ(seen.now->work, work_kind::commit);
}

TEST_F(observed, names_of_message_types_are_those_of_the_program) {
  EXPECT_EQ(message_type_name(0), "");
  const auto of
    = [](const caf::message& x) { return message_type_name(message_type_of(x.content())); };
  EXPECT_EQ(of(caf::make_message(atom::publish_v, 7)), "publish");
  EXPECT_EQ(of(caf::make_message(storage::batch{})), "storage.batch");
  EXPECT_EQ(of(caf::make_message(std::string{"x"})),
            types_of(caf::make_message(std::string{"x"}).content()));
}

TEST_F(observed, a_slow_message_is_noticed_though_nothing_was_sampled) {
  caf::anon_send(workers["a"], atom::start_v);
  settle();
  EXPECT_EQ(slot(0).stats->counts().slow, 1u);
  EXPECT_GE(slot(0).stats->counts().longest_ms, 8u);
}

TEST_F(observed, times_of_short_messages_are_estimated_from_some) {
  for (int i = 0; i < 160; ++i) {
    caf::anon_send(workers["a"], atom::fence_v);
    settle();
  }
  uint64_t all = 0;
  for (const auto x : slot(0).stats->counts().times)
    all += x;
  EXPECT_GE(all, 128u);
  EXPECT_LE(all, 320u); // one at least 16 times as slow as usual is measured, and the next few
}

TEST_F(observed, a_failed_child_keeps_its_slot_and_its_counts) {
  caf::anon_send(workers["a"], atom::fence_v);
  settle();
  const auto first = slot(0).stats;
  caf::anon_send(workers["a"], atom::due_v);
  settle();
  const auto now = slot(0);
  EXPECT_NE(now.stats, first);
  EXPECT_EQ(now.restarts, 1u);
  EXPECT_EQ(now.last_error, "broken invariant");
  EXPECT_EQ(name_of(now.state), "running");
  EXPECT_EQ(root->slots()[0]->counts().handled, 2u);
}

TEST_F(observed, a_message_to_a_dead_actor_is_a_dead_letter_and_an_exit_message_is_not) {
  const auto dead = workers["a"];
  caf::anon_send(dead, atom::due_v);
  settle();
  caf::anon_send(dead, atom::fence_v);
  caf::anon_send_exit(dead, caf::exit_reason::kill);
  settle();
  EXPECT_EQ(root->slots()[0]->counts().dead_letters, 1u);
}

TEST_F(observed, what_nobody_wants_is_counted_with_its_types) {
  caf::anon_send(caf::actor_cast<caf::actor>(workers["b"]), std::string{"hello?"}, 42);
  settle();
  EXPECT_EQ(slot(1).stats->counts().unhandled, 1u);
  EXPECT_EQ(slot(1).stats->last_unhandled(), "@str, @i32");
}

TEST_F(observed, an_actor_describes_its_state) {
  EXPECT_EQ(ask<std::string>(caf::actor_cast<caf::actor>(workers["a"]), atom::look_v),
            R"({"mood":"good"})");
  EXPECT_EQ(ask<std::string>(caf::actor_cast<caf::actor>(owner), atom::look_v), "{}");
  EXPECT_EQ(slot(0).stats->counts().unhandled, 0u);
}

TEST_F(observed, a_traced_message_shows_its_content_and_its_sender) {
  slot(0).stats->trace(10);
  ask<atom::done>(workers["a"], atom::fence_v);
  caf::anon_send(caf::actor_cast<caf::actor>(workers["a"]), 7);
  settle();
  const auto messages = slot(0).stats->traced();
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ(messages[0].text, "'fence'");
  EXPECT_NE(messages[0].from, 0u);
  EXPECT_TRUE(messages[0].handled);
  EXPECT_EQ(messages[1].text, "7");
  EXPECT_FALSE(messages[1].handled);
}

TEST_F(observed, an_asked_restart_is_no_failure) {
  const auto boss = caf::actor_cast<caf::actor>(owner);
  for (int i = 0; i < 5; ++i) // one failure more than one would end the owner
    EXPECT_EQ(ask<std::string>(boss, atom::again_v, std::string{"b"}), "");
  EXPECT_EQ(slot(1).restarts, 5u);
  EXPECT_EQ(slot(1).last_error, "");
  EXPECT_EQ(slot(0).restarts, 0u);
  EXPECT_EQ(ask<std::string>(boss, atom::again_v, std::string{"z"}), "it has no child z");
  EXPECT_EQ(
    ask<std::string>(caf::actor_cast<caf::actor>(workers["a"]), atom::again_v, std::string{"b"}),
    "it owns nobody");
}

TEST_F(observed, children_are_ended_with_their_owner) {
  caf::anon_send_exit(owner, caf::exit_reason::user_shutdown);
  settle();
  EXPECT_EQ(name_of(slot(0).state), "ended");
  EXPECT_EQ(name_of(slot(1).state), "ended");
}

} // namespace
} // namespace sluice::test
