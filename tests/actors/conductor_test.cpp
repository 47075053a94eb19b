#include "actors/conductor.hpp"
#include "tests/support/actor_end.hpp"
#include "tests/support/actor_test.hpp"

#include <caf/event_based_actor.hpp>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <set>
#include <sstream>

namespace sluice::test {
namespace {

using names = std::vector<std::string>;

/// A node around the conductor that only notes who was asked for what.
class conductor : public actor_test {
protected:
  names log;
  std::vector<step_done> shown;
  std::optional<run_started> opening;
  std::optional<run_over> over;
  uint64_t recording = 1000; // steps until every recording is over
  bool bad_recording = false;
  std::set<std::string> paused;
  std::function<void(uint64_t step)> on_show;
  std::string refusal; // of the weights
  conductor_actor conductor_;
  actor_end end;

  void raise(conductor_config config) {
    const auto owner = keep(sys.spawn([this](caf::event_based_actor*) {
      return caf::behavior{[this](const run_over& x) {
        log.emplace_back("owner");
        over = x;
      }};
    }));
    conductor_links links{mechanisms(), reader(), weights(), reporter(), owner};
    conductor_ = keep(spawn_conductor(sys, std::move(config), std::move(links)));
    end = actor_end{conductor_};
    settle();
  }

  mechanisms_actor mechanisms() {
    return mock<mechanisms_actor>(
      [](atom::scores, epoch_no) { return score_board{}; },
      [this](atom::step, uint64_t number) {
        log.push_back("step " + std::to_string(number));
        auto quick = report("quick", number, recording / 2);
        quick.failed = bad_recording;
        if (bad_recording && !quick.note.empty())
          quick.note = "quick: line 7 is bad";
        return std::vector<step_report>{quick, report("slow", number, recording)};
      });
  }

  /// Of a mechanism that has so many steps.
  step_report report(const std::string& name, uint64_t number, uint64_t steps) const {
    step_report x;
    x.mechanism = name;
    x.outcome = paused.contains(name) ? step_outcome::paused
                : number > steps      ? step_outcome::over
                                      : step_outcome::played;
    if (x.outcome == step_outcome::over)
      x.note = name + ": at its end";
    return x;
  }

  chain_reader_actor reader() {
    return mock<chain_reader_actor>([](atom::view) { return chain_view{}; },
                                    [this](atom::step, uint64_t number) {
                                      log.push_back("chain " + std::to_string(number));
                                      return chain_head{1 + 75 * number, {10 + number}};
                                    });
  }

  weights_actor weights() {
    return mock<weights_actor>(
      [this](atom::publish, epoch_no epoch) -> caf::result<publish_record> {
        log.push_back("weights " + std::to_string(epoch.value));
        if (!refusal.empty())
          return caf::make_error(ec::unreachable, refusal);
        publish_record record;
        record.epoch = epoch;
        return record;
      },
      [](atom::view, epoch_no) {
        return weight_parts{{"liquidity", 1, part_state::fresh, 0, 2, ""}};
      });
  }

  reporter_actor reporter() {
    return mock<reporter_actor>(
      [this](const run_started& x) {
        log.emplace_back("hello");
        opening = x;
        return atom::done_v;
      },
      [](const step_progress&) {},
      [this](const step_done& x) {
        log.push_back("show " + std::to_string(x.number));
        shown.push_back(x);
        if (on_show)
          on_show(x.number);
        return atom::done_v;
      },
      [this](const run_over&) {
        log.emplace_back("goodbye");
        return atom::done_v;
      });
  }
};

TEST_F(conductor, a_step_is_mechanisms_then_chain_then_weights_then_what_is_shown) {
  raise({.steps_target = 2, .steps_before = 0, .steps_done = 0, .opening = {}});
  EXPECT_EQ(log, (names{"hello", "step 1", "chain 1", "weights 11", "show 1", "step 2", "chain 2",
                        "weights 12", "show 2", "goodbye", "owner"}));
  ASSERT_EQ(shown.size(), 2u);
  EXPECT_EQ(shown[1].number, 2u);
  EXPECT_EQ(shown[1].chain, (chain_head{151, {12}}));
  EXPECT_EQ(shown[1].published->epoch, epoch_no{12});
  ASSERT_EQ(shown[1].mechanisms.size(), 2u);
  EXPECT_EQ(shown[1].mechanisms[1].mechanism, "slow");
}

TEST_F(conductor, sends_first_what_it_was_given_to_send) {
  run_started opening_event;
  opening_event.title = "a title";
  opening_event.sources = {{"quick", {"one", "two"}}};
  raise({.steps_target = 1, .steps_before = 0, .steps_done = 0, .opening = opening_event});
  ASSERT_TRUE(opening);
  EXPECT_EQ(opening->title, "a title");
  EXPECT_EQ(opening->sources, opening_event.sources);
}

TEST_F(conductor, a_run_that_reaches_its_target_with_a_part_that_failed_ends_with_2) {
  recording = 4; // "quick" is over after two, and badly
  bad_recording = true;
  raise({.steps_target = 4, .steps_before = 0, .steps_done = 0, .opening = {}});
  ASSERT_TRUE(over);
  EXPECT_EQ(over->code, 2);
  EXPECT_EQ(over->why, "quick: line 7 is bad");
  EXPECT_EQ(over->steps, 4u);
}

TEST_F(conductor, a_run_that_reaches_its_target_ends_well) {
  raise({.steps_target = 5, .steps_before = 0, .steps_done = 0, .opening = {}});
  ASSERT_TRUE(over);
  EXPECT_EQ(over->code, 0);
  EXPECT_EQ(over->why, "");
  EXPECT_EQ(over->steps, 5u);
}

TEST_F(conductor, after_a_restart_the_last_step_is_settled_first) {
  raise({.steps_target = 5, .steps_before = 3, .steps_done = 4, .opening = {}});
  EXPECT_EQ(log, (names{"hello", "chain 4", "weights 14", "step 5", "chain 5", "weights 15",
                        "show 5", "goodbye", "owner"}));
  EXPECT_EQ(over->steps, 2u) << "of this run, not of this incarnation";
}

TEST_F(conductor, a_target_that_was_reached_before_is_settled_and_over) {
  raise({.steps_target = 4, .steps_before = 2, .steps_done = 4, .opening = {}});
  EXPECT_EQ(log, (names{"hello", "chain 4", "weights 14", "goodbye", "owner"}));
  EXPECT_EQ(over->steps, 2u);
}

TEST_F(conductor, a_run_without_a_target_goes_on_until_every_recording_is_over) {
  recording = 6;
  raise({});
  ASSERT_TRUE(over);
  EXPECT_EQ(over->code, 0);
  EXPECT_EQ(over->steps, 6u) << "the quick one was over after three, the slow one after six";
  EXPECT_EQ(over->why, "quick: at its end; slow: at its end");
  EXPECT_EQ(shown.size(), 7u) << "six steps, and at last who ended how";
}

TEST_F(conductor, who_only_follows_others_does_not_keep_a_run_going) {
  recording = 4;
  raise({.opening = {}, .followers = {"slow"}});
  ASSERT_TRUE(over);
  EXPECT_EQ(over->steps, 2U);
  EXPECT_EQ(over->why, "quick: at its end");
  ASSERT_EQ(shown.size(), 3U) << "two steps, and who ended how";
  EXPECT_EQ(shown.back().mechanisms.size(), 1U);
}

TEST_F(conductor, who_follows_nobody_goes_on) {
  recording = 4;
  raise({.opening = {}, .followers = {"slow", "quick"}});
  ASSERT_TRUE(over);
  EXPECT_EQ(over->steps, 4U);
}

TEST_F(conductor, recordings_that_are_over_before_the_target_end_the_run) {
  recording = 2;
  raise({.steps_target = 50, .steps_before = 0, .steps_done = 0, .opening = {}});
  ASSERT_TRUE(over);
  EXPECT_EQ(over->steps, 2u);
}

TEST_F(conductor, a_mechanism_that_failed_makes_the_run_fail) {
  recording = 4;
  bad_recording = true;
  raise({});
  ASSERT_TRUE(over);
  EXPECT_EQ(over->code, 2);
  EXPECT_NE(over->why.find("quick: line 7 is bad"), std::string::npos);
}

TEST_F(conductor, whoever_cannot_answer_ends_this_incarnation_with_the_reason) {
  refusal = "no connection";
  raise({});
  ASSERT_TRUE(end);
  EXPECT_EQ(sentence(*end), "no connection");
  EXPECT_FALSE(over) << "its supervisor decides what comes next";
  EXPECT_EQ(log, (names{"hello", "step 1", "chain 1", "weights 11"}));
}

TEST_F(conductor, a_paused_mechanism_is_not_shown_and_the_others_go_on) {
  paused = {"slow"};
  raise({.steps_target = 1, .steps_before = 0, .steps_done = 0, .opening = {}});
  ASSERT_EQ(shown.size(), 1u);
  ASSERT_EQ(shown[0].mechanisms.size(), 1u);
  EXPECT_EQ(shown[0].mechanisms[0].mechanism, "quick");
}

TEST_F(conductor, when_all_are_paused_time_stands_still_and_goes_on_within_a_second) {
  paused = {"slow", "quick"};
  raise({.steps_target = 2, .steps_before = 0, .steps_done = 1, .opening = {}});
  advance(std::chrono::hours{1});
  EXPECT_FALSE(over);
  EXPECT_EQ(std::count(log.begin(), log.end(), "chain 1"), 1); // settled once, and no further
  EXPECT_EQ(std::count(log.begin(), log.end(), "chain 2"), 0);
  paused = {};
  advance(std::chrono::seconds{1});
  ASSERT_TRUE(over);
  EXPECT_EQ(shown.back().number, 2u);
}

TEST_F(conductor, that_nothing_is_played_is_said_once_for_as_long_as_it_lasts) {
  const auto before = spdlog::default_logger();
  std::ostringstream text;
  const auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(text);
  sink->set_pattern("%v");
  spdlog::set_default_logger(std::make_shared<spdlog::logger>("", sink));
  paused = {"slow", "quick"};
  raise({.steps_target = 5, .steps_before = 1, .steps_done = 2, .opening = {}});
  advance(std::chrono::hours{1});
  spdlog::set_default_logger(before);
  EXPECT_EQ(text.str(),
            "nothing is played: quick is paused, slow is paused; 1 of 4 steps of this run are done,"
            " and it goes on when something is resumed through sluice shell\n");
}

TEST_F(conductor, a_recording_at_its_end_does_not_end_a_run_in_which_a_mechanism_is_paused) {
  recording = 1;
  paused = {"slow"};
  raise({.steps_target = 0, .steps_before = 0, .steps_done = 0, .opening = {}});
  advance(std::chrono::minutes{1});
  EXPECT_FALSE(over);
  paused = {};
  advance(std::chrono::seconds{1});
  ASSERT_TRUE(over);
  EXPECT_EQ(over->code, 0);
}

TEST_F(conductor, drained_it_finishes_the_step_with_its_weights_and_ends_well) {
  // Without a target it would never end: the command comes while step 3 is shown.
  on_show = [this](uint64_t step) {
    if (step == 3)
      caf::anon_send(conductor_, atom::drain_v);
  };
  raise({.steps_target = 0, .steps_before = 0, .steps_done = 0, .opening = {}});
  ASSERT_TRUE(over);
  EXPECT_EQ(over->code, 0);
  EXPECT_GE(over->steps, 3u);
  EXPECT_EQ(shown.size(), over->steps);
  EXPECT_EQ(std::count(log.begin(), log.end(), "weights " + std::to_string(10 + over->steps)), 1);
}

TEST_F(conductor, drained_while_everybody_is_paused_it_ends_at_once) {
  paused = {"slow", "quick"};
  raise({.steps_target = 0, .steps_before = 0, .steps_done = 0, .opening = {}});
  EXPECT_FALSE(over);
  caf::anon_send(conductor_, atom::drain_v);
  settle();
  ASSERT_TRUE(over);
  EXPECT_EQ(over->steps, 0u);
  // The timer that looked for something to play is still on its way; it begins nothing anew.
  const auto before = log;
  advance(std::chrono::seconds{1});
  EXPECT_EQ(log, before);
}

} // namespace
} // namespace sluice::test
