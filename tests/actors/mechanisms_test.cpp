#include "actors/mechanisms.hpp"
#include "actors/storage_writer.hpp"
#include "storage/data_dir.hpp"
#include "storage/tables.hpp"
#include "tests/support/actor_test.hpp"
#include "tests/support/mechanism_mocks.hpp"

#include <caf/delegated.hpp>
#include <caf/event_based_actor.hpp>

namespace sluice::test {
namespace {

using namespace std::chrono_literals;
namespace tables = storage::tables;

class mechanisms : public actor_test {
protected:
  std::shared_ptr<storage::data_dir> disk = open_disk();
  storage_writer_actor storage_writer = keep(spawn_storage_writer(sys, {disk, false}));
  mechanisms_actor all;

  void raise(std::map<std::string, mechanism_actor> each) {
    all = keep(spawn_mechanisms(sys, {10s}, {disk, storage_writer, std::move(each)}));
    settle();
  }

  mechanism_actor answering(const std::string& name, std::map<miner_uid, double> scores) {
    return keep(spawn_prompt(sys, name, std::move(scores)));
  }

  size_t stored() const {
    size_t count = 0;
    (void)tables::scores_of_mechanisms.for_each(
      *disk, [&](const std::string&, const mechanism_scores&) { ++count; });
    return count;
  }
};

TEST_F(mechanisms, collect_and_store_all_scores_before_they_answer) {
  raise({{"sports", answering("sports", {{{2}, 4.0}})},
         {"liquidity", answering("liquidity", {{{1}, 1.0}})}});
  question<score_board> asked{sys, all, atom::scores_v, epoch_no{5}};
  while (!asked.answered()) {
    ASSERT_TRUE(sched.try_run_once());
  }
  EXPECT_EQ(stored(), 2u) << "on disk when the answer comes";
  const score_board board{{5}, {"liquidity", "sports"}, {}};
  ASSERT_TRUE(asked.look());
  EXPECT_EQ(*asked.look(), board);
  EXPECT_EQ(*tables::scores_of_mechanisms.get(*disk, "sports"),
            (mechanism_scores{"sports", {5}, {{{2}, 4.0}}, {}}));
}

TEST_F(mechanisms, without_any_the_board_is_empty) {
  raise({});
  EXPECT_EQ(ask<score_board>(all, atom::scores_v, epoch_no{5}), (score_board{{5}, {}, {}}));
}

TEST_F(mechanisms, a_mute_one_is_left_out_when_its_time_is_over) {
  raise({{"liquidity", answering("liquidity", {{{1}, 1.0}})}, {"mute", keep(spawn_mute(sys))}});
  question<score_board> asked{sys, all, atom::scores_v, epoch_no{5}};
  settle();
  advance(9999ms);
  EXPECT_FALSE(asked.answered());
  advance(1ms);
  ASSERT_TRUE(asked.answered());
  EXPECT_EQ(asked.look()->stored.size(), 1u);
  EXPECT_EQ(asked.look()->missing,
            (std::map<std::string, std::string>{{"mute", "request_timeout"}}));
  EXPECT_EQ(stored(), 1u);
}

/// Needs eleven seconds the first time.
caf::behavior slow(caf::event_based_actor* self) {
  auto late = std::make_shared<caf::response_promise>();
  return {
    [=](atom::scores, epoch_no epoch) -> caf::result<mechanism_scores> {
      if (epoch != epoch_no{5})
        return mechanism_scores{"slow", epoch, {{{1}, 1.0}}, {}};
      *late = self->make_response_promise();
      self->delayed_send(self, 11s, atom::due_v);
      return caf::delegated<mechanism_scores>{};
    },
    [=](atom::due) {
      late->deliver(mechanism_scores{"slow", {5}, {{{1}, 1.0}}, {}});
      *late = {};
    },
  };
}

TEST_F(mechanisms, an_answer_that_comes_too_late_changes_nothing) {
  raise({{"slow", caf::actor_cast<mechanism_actor>(keep(sys.spawn(slow)))}});
  question<score_board> asked{sys, all, atom::scores_v, epoch_no{5}};
  settle();
  advance(10s);
  ASSERT_TRUE(asked.answered());
  EXPECT_EQ(asked.look()->missing.at("slow"), "request_timeout");
  advance(2s);
  EXPECT_EQ(stored(), 0u);
  const auto board = ask<score_board>(all, atom::scores_v, epoch_no{6});
  EXPECT_EQ(board.stored.size(), 1u) << "asked again as if nothing had been";
  EXPECT_EQ(stored(), 1u);
}

TEST_F(mechanisms, one_that_refuses_is_missing_with_its_own_reason) {
  raise({{"liquidity", keep(spawn_refusing(sys, "no revenue could be read"))},
         {"sports", answering("sports", {{{2}, 4.0}})}});
  const auto board = ask<score_board>(all, atom::scores_v, epoch_no{5});
  EXPECT_EQ(board.missing.at("liquidity"), "no revenue could be read");
  EXPECT_EQ(board.stored.size(), 1u);
}

TEST_F(mechanisms, one_that_fails_is_missing_with_its_reason) {
  raise(
    {{"leads", keep(spawn_broken(sys, "a bug"))}, {"sports", answering("sports", {{{2}, 4.0}})}});
  const auto board = ask<score_board>(all, atom::scores_v, epoch_no{5});
  EXPECT_EQ(board.missing.count("leads"), 1u);
  EXPECT_EQ(board.stored.size(), 1u);
}

/// Reports a step on request.
mechanism_actor stepping(caf::actor_system& sys, const std::string& name, step_outcome outcome) {
  return sys.spawn([=](mechanism_actor::pointer) -> mechanism_actor::behavior_type {
    return {[](atom::scores, epoch_no) { return mechanism_scores{}; },
            [=](atom::step, uint64_t number) {
              return step_report{name, outcome, false, std::to_string(number), nullptr};
            },
            [](const mechanism_command&) { return std::string{}; }};
  });
}

TEST_F(mechanisms, do_a_step_all_of_them_and_report_by_name) {
  raise({{"sports", keep(stepping(sys, "sports", step_outcome::played))},
         {"leads", keep(stepping(sys, "leads", step_outcome::paused))}});
  const auto reports = ask<std::vector<step_report>>(all, atom::step_v, uint64_t{7});
  ASSERT_EQ(reports.size(), 2u);
  EXPECT_EQ(reports[0].mechanism, "leads");
  EXPECT_EQ(reports[0].outcome, step_outcome::paused);
  EXPECT_EQ(reports[1].mechanism, "sports");
  EXPECT_EQ(reports[1].note, "7");
}

TEST_F(mechanisms, one_that_cannot_do_its_step_makes_the_step_fail) {
  const auto gone = keep(stepping(sys, "leads", step_outcome::played));
  raise({{"sports", keep(stepping(sys, "sports", step_outcome::played))}, {"leads", gone}});
  kill(gone);
  (void)ask_error<std::vector<step_report>>(all, atom::step_v, uint64_t{7});
}

TEST_F(mechanisms, without_any_a_step_is_nothing) {
  raise({});
  EXPECT_TRUE(ask<std::vector<step_report>>(all, atom::step_v, uint64_t{1}).empty());
}

TEST_F(mechanisms, one_that_is_gone_is_missing) {
  const auto other = answering("liquidity", {{{1}, 1.0}});
  raise({{"liquidity", other}});
  kill(other);
  for (uint64_t epoch = 5; epoch < 15; ++epoch)
    EXPECT_EQ(ask<score_board>(all, atom::scores_v, epoch_no{epoch}).missing.at("liquidity"),
              "request_receiver_down");
}

TEST_F(mechanisms, scores_that_cannot_be_stored_are_an_error) {
  storage_writer = refusing_storage_writer(ec::storage_full, "disk full");
  raise({{"liquidity", answering("liquidity", {{{1}, 1.0}})}});
  EXPECT_EQ(sentence(ask_error<score_board>(all, atom::scores_v, epoch_no{5})), "disk full");
}

} // namespace
} // namespace sluice::test
