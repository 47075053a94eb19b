#include "rules/consensus/task_board.hpp"
#include "tests/support/task_rows.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace sluice {
namespace {

constexpr uint64_t start_ms = 1'000'000;
constexpr uint64_t second_ms = 1000;
const task_caller some_client{"client", false};

available_miner board_miner(uint16_t uid) {
  available_miner x;
  x.uid = {uid};
  x.hotkey = "miner-" + std::to_string(uid);
  x.performance = 0.8;
  x.stake = 1;
  return x;
}

hotkey board_key(uint16_t uid) {
  return {"miner-" + std::to_string(uid)};
}

class board_of_tasks : public ::testing::Test {
protected:
  template <class F>
  auto changing(F f) {
    task_changes out;
    auto made = f(out);
    rows.take(out);
    return made;
  }

  std::string submit(std::string payload, uint64_t required = 1, std::string idempotency = "") {
    submit_task_call call;
    call.caller = some_client;
    call.payload = std::move(payload);
    call.required_miner_count = required;
    call.idempotency = std::move(idempotency);
    const auto made = changing([&](task_changes& out) { return board.submit(call, now, out); });
    EXPECT_TRUE(made) << made.error().what;
    return made ? made->task_id : "";
  }

  distribute_result distribute(uint16_t miners = 3) {
    std::vector<available_miner> all;
    std::set<hotkey> connected;
    for (uint16_t i = 1; i <= miners; ++i) {
      all.push_back(board_miner(i));
      connected.insert(board_key(i));
    }
    return changing([&](task_changes& out) { return board.distribute(all, connected, now, out); });
  }

  result<answered_task> answer(uint16_t uid, const std::string& id, std::string text = "text") {
    return changing([&](task_changes& out) {
      return board.answer({board_key(uid), id, std::move(text)}, std::nullopt, now, out);
    });
  }

  void expire() {
    changing([&](task_changes& out) {
      board.expire(now, out);
      return 0;
    });
  }

  void pass(uint64_t seconds) {
    now += seconds * second_ms;
    expire();
  }

  task_state state(const std::string& id) const { return rows.tasks.at(id).state; }

  void restart() { board = rows.board(settings); }

  uint64_t now = start_ms;
  consensus_settings settings;
  task_board board;
  test::task_rows rows;
};

TEST_F(board_of_tasks, completes_a_task_when_all_have_answered) {
  const auto id = submit("hello", 2);
  EXPECT_EQ(state(id), task_state::pending);
  const auto made = distribute();
  EXPECT_EQ(made.assignments, 2U);
  EXPECT_EQ(made.available, 3U);
  EXPECT_EQ(state(id), task_state::assigned);
  now += 3 * second_ms;
  EXPECT_EQ(answer(1, id)->state, task_state::assigned);
  now += 3 * second_ms;
  const auto last = answer(2, id);
  EXPECT_EQ(last->state, task_state::completed);
  EXPECT_EQ(last->responses, 2U);
  const auto& x = rows.tasks.at(id);
  EXPECT_EQ(x.best, miner_uid{1}); // the same result, in less time
  EXPECT_EQ(x.responses[0].processing_ms, 3 * second_ms);
  EXPECT_EQ(x.responses[0].accuracy, 1);
  EXPECT_DOUBLE_EQ(x.responses[0].speed, 0.9);
  pass(settings.tasks.review_s);
  EXPECT_EQ(state(id), task_state::done);
  EXPECT_EQ(rows.work.at(board_key(1)).all, (work_tally{1, 1}));
  EXPECT_EQ(board.find(id), nullptr);
}

TEST_F(board_of_tasks, gives_an_ended_task_its_place_in_one_list) {
  const auto id = submit("hello");
  distribute();
  EXPECT_TRUE(answer(1, id));
  pass(settings.tasks.review_s);
  ASSERT_EQ(rows.places.size(), 1U);
  EXPECT_EQ(rows.places.begin()->first, (task_place{task_state::done, now, id}));
}

TEST_F(board_of_tasks, refuses_a_second_answer_of_a_miner) {
  const auto id = submit("hello", 2);
  distribute();
  ASSERT_TRUE(answer(1, id));
  const auto again = answer(1, id, "better");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ec::read_only);
  const auto stranger = answer(3, id);
  ASSERT_FALSE(stranger);
  EXPECT_EQ(stranger.error().code, ec::refused);
  EXPECT_EQ(answer(1, "nothing").error().code, ec::no_such_key);
  EXPECT_EQ(answer(2, id, "a\x7f").error().code, ec::bad_input);
  const auto stats = board.stats();
  EXPECT_EQ(stats.refused_duplicates, 1U);
  EXPECT_EQ(stats.refused_unassigned, 1U);
  EXPECT_EQ(stats.responses, 1U);
  EXPECT_EQ(rows.tasks.at(id).responses.size(), 1U);
}

TEST_F(board_of_tasks, tries_again_when_nobody_answers_and_fails_in_the_end) {
  settings.tasks.pending_s = 0;
  restart();
  const auto id = submit("hello");
  for (uint64_t attempt = 1; attempt <= 4; ++attempt) {
    distribute(2);
    ASSERT_EQ(state(id), task_state::assigned);
    EXPECT_EQ(rows.tasks.at(id).assignments.back().attempt, attempt);
    pass(settings.tasks.answer_s - 1);
    EXPECT_EQ(state(id), task_state::assigned);
    pass(1);
    if (attempt == 4)
      break;
    EXPECT_EQ(state(id), task_state::pending);
    EXPECT_EQ(distribute(2).assignments, 0U); // not before the delay is over
    pass(settings.tasks.retry_delay_s);
  }
  EXPECT_EQ(state(id), task_state::failed);
  EXPECT_EQ(rows.tasks.at(id).reason, "nobody answered in 4 attempts of 1800 s");
  // The other one first, then both have let it down.
  EXPECT_EQ(rows.tasks.at(id).assignments[1].uid, miner_uid{2});
  EXPECT_EQ(rows.work.at(board_key(1)).all.total + rows.work.at(board_key(2)).all.total, 4U);
  EXPECT_EQ(answer(2, id).error().code, ec::refused);
  EXPECT_EQ(board.stats().refused_late, 1U);
}

TEST_F(board_of_tasks, refuses_an_answer_after_its_attempt_though_no_pass_has_been) {
  const auto id = submit("hello");
  distribute();
  now += settings.tasks.answer_s * second_ms;
  EXPECT_EQ(answer(1, id).error().code, ec::refused);
  EXPECT_EQ(state(id), task_state::pending);
}

TEST_F(board_of_tasks, completes_with_some_answers_when_the_others_are_too_late) {
  const auto id = submit("hello", 3);
  distribute();
  ASSERT_TRUE(answer(2, id));
  pass(settings.tasks.settle_s - 1);
  EXPECT_EQ(state(id), task_state::assigned);
  pass(1);
  EXPECT_EQ(state(id), task_state::completed);
  EXPECT_EQ(rows.tasks.at(id).best, miner_uid{2});
  EXPECT_EQ(rows.work.at(board_key(3)).all, (work_tally{1, 0}));
  EXPECT_FALSE(rows.work.contains(board_key(2))); // counts when the task has ended
}

TEST_F(board_of_tasks, fails_a_task_for_which_there_is_no_miner) {
  const auto id = submit("hello");
  distribute(0);
  pass(settings.tasks.pending_s);
  EXPECT_EQ(state(id), task_state::failed);
  EXPECT_EQ(rows.tasks.at(id).reason, "no miner was found within 3600 s");
}

TEST_F(board_of_tasks, takes_a_submission_once) {
  const auto id = submit("hello", 1, "key-1");
  EXPECT_EQ(submit("hello", 1, "key-1"), id);
  EXPECT_EQ(rows.tasks.size(), 1U);
  EXPECT_EQ(board.stats().repeated_submissions, 1U);
  restart();
  task_changes out;
  submit_task_call call;
  call.caller = some_client;
  call.payload = "other";
  call.idempotency = "key-1";
  EXPECT_EQ(board.submit(call, now, out).error().code, ec::refused);
  call.caller.client = "somebody";
  EXPECT_NE(board.submit(call, now, out)->task_id, id);
  EXPECT_NE(submit("hello"), submit("hello")); // without a key each one is another
}

TEST_F(board_of_tasks, refuses_what_is_beyond_its_bounds) {
  settings.tasks.open_max = 2;
  settings.tasks.client_open_max = 1;
  restart();
  const auto code = [&](const submit_task_call& call) {
    task_changes out;
    const auto made = board.submit(call, now, out);
    return made ? ec::none : made.error().code;
  };
  submit_task_call call;
  EXPECT_EQ(code(call), ec::bad_input);
  call.payload = std::string(task_limits::payload_bytes_max + 1, 'x');
  EXPECT_EQ(code(call), ec::bad_input);
  call.payload = "a\x1b[0m";
  EXPECT_EQ(code(call), ec::bad_input);
  call.payload = "x\n\ty";
  call.required_miner_count = 6;
  EXPECT_EQ(code(call), ec::bad_input);
  call.required_miner_count = 2;
  call.min_miner_count = 3;
  EXPECT_EQ(code(call), ec::bad_input);
  call.min_miner_count = 0;
  call.max_miner_count = 6;
  EXPECT_EQ(code(call), ec::bad_input);
  call.max_miner_count = 0;
  call.idempotency = "no space";
  EXPECT_EQ(code(call), ec::bad_input);
  call.idempotency = "";
  EXPECT_EQ(code(call), ec::none);
  EXPECT_EQ(code(call), ec::busy); // of this client
  call.caller.client = "other";
  EXPECT_EQ(code(call), ec::none);
  call.caller.client = "third";
  EXPECT_EQ(code(call), ec::busy);
}

TEST_F(board_of_tasks, lets_a_client_cancel_its_own_tasks_only) {
  const auto id = submit("hello");
  distribute();
  const auto cancel = [&](task_caller who) {
    return changing([&](task_changes& out) {
      return board.cancel({std::move(who), id, "no longer needed"}, now, out);
    });
  };
  EXPECT_EQ(cancel({"other", false}).error().code, ec::no_such_key);
  EXPECT_EQ(cancel(some_client)->state, task_state::cancelled);
  EXPECT_EQ(cancel({"root", true})->state, task_state::cancelled);
  EXPECT_EQ(cancel({"other", false}).error().code, ec::no_such_key);
  EXPECT_EQ(rows.tasks.at(id).assignments[0].state, assignment_state::withdrawn);
  EXPECT_TRUE(rows.work.empty()); // it is nobody's fault
  EXPECT_EQ(answer(1, id).error().code, ec::refused);
  EXPECT_EQ(distribute().assignments, 0U);
}

TEST_F(board_of_tasks, ends_with_the_ratings_of_its_client) {
  const auto id = submit("hello", 3);
  distribute();
  EXPECT_TRUE(answer(1, id, "same"));
  EXPECT_TRUE(answer(2, id, "same"));
  const auto approve = [&](std::map<miner_uid, double> ratings) {
    return changing([&](task_changes& out) {
      return board.approve({some_client, id, std::move(ratings)}, now, out);
    });
  };
  EXPECT_EQ(approve({}).error().code, ec::refused);
  EXPECT_TRUE(answer(3, id, "different"));
  EXPECT_EQ(rows.tasks.at(id).best, miner_uid{1});
  EXPECT_EQ(approve({{{4}, 1}}).error().code, ec::bad_input);
  EXPECT_EQ(approve({{{3}, 1.5}}).error().code, ec::bad_input);
  EXPECT_EQ(state(id), task_state::completed);
  const auto made = approve({{{3}, 1}, {{1}, 0}});
  EXPECT_EQ(made->state, task_state::approved);
  EXPECT_EQ(made->best, miner_uid{3});
  EXPECT_EQ(rows.work.at(board_key(1)).all, (work_tally{1, 0}));
  EXPECT_EQ(rows.work.at(board_key(2)).all, (work_tally{1, 1}));
  EXPECT_EQ(rows.work.at(board_key(3)).all, (work_tally{1, 1}));
  EXPECT_EQ(approve({})->best, miner_uid{3}); // approved already
}

TEST_F(board_of_tasks, hands_out_to_who_polls) {
  const auto first = submit("one");
  now += second_ms;
  const auto second = submit("two");
  const auto fetch = [&](uint16_t uid, uint64_t limit) {
    return changing([&](task_changes& out) {
      return board.fetch({board_key(uid), limit}, now, out);
    });
  };
  EXPECT_TRUE(fetch(1, 5).empty());
  changing([&](task_changes& out) { return board.distribute({board_miner(1)}, {}, now, out); });
  now += 7 * second_ms;
  const auto one = fetch(1, 1);
  ASSERT_EQ(one.size(), 1U);
  EXPECT_EQ(one[0].task_id, first);
  EXPECT_EQ(one[0].payload, "one");
  EXPECT_EQ(one[0].deadline_ms, one[0].assigned_ms + settings.tasks.answer_s * second_ms);
  EXPECT_EQ(fetch(1, 5).size(), 2U);
  EXPECT_TRUE(fetch(2, 5).empty());
  restart();
  now += 2 * second_ms;
  EXPECT_TRUE(answer(1, first));
  EXPECT_EQ(rows.tasks.at(first).responses[0].processing_ms, 2 * second_ms);
  EXPECT_EQ(fetch(1, 5).at(0).task_id, second);
}

TEST_F(board_of_tasks, does_not_assign_to_who_cannot_be_reached) {
  const auto id = submit("hello");
  const auto give = [&] {
    return changing(
             [&](task_changes& out) { return board.distribute({board_miner(1)}, {}, now, out); })
      .assignments;
  };
  EXPECT_EQ(give(), 0U);
  board.see(board_key(1), now);
  now += settings.tasks.poll_seen_s * second_ms + 1;
  EXPECT_EQ(give(), 0U); // polled too long ago
  settings.tasks.only_reachable = false;
  restart();
  EXPECT_EQ(give(), 1U);
  EXPECT_EQ(state(id), task_state::assigned);
}

TEST_F(board_of_tasks, counts_what_a_miner_has_as_its_load) {
  for (int i = 0; i < 7; ++i)
    submit("task " + std::to_string(i));
  EXPECT_EQ(distribute(1).assignments, 5U); // its capacity
  EXPECT_EQ(distribute(1).assignments, 0U);
  EXPECT_EQ(board.open_assignments().size(), 5U);
  EXPECT_EQ(board.stats().total_assignments, 5U);
}

TEST_F(board_of_tasks, gives_the_urgent_and_then_the_old_first) {
  settings.tasks.batch = 1;
  restart();
  const auto put = [&](task_priority priority) {
    submit_task_call call;
    call.payload = "x";
    call.priority = priority;
    now += second_ms;
    return changing([&](task_changes& out) { return board.submit(call, now, out); })->task_id;
  };
  const auto low = put(task_priority::low);
  const auto normal = put(task_priority::normal);
  const auto urgent = put(task_priority::urgent);
  const auto later = put(task_priority::urgent);
  std::vector<std::string> order;
  for (int i = 0; i < 4; ++i) {
    distribute();
    for (const auto& id : {low, normal, urgent, later})
      if (state(id) == task_state::assigned && std::ranges::find(order, id) == order.end())
        order.push_back(id);
  }
  EXPECT_EQ(order, (std::vector{urgent, later, normal, low}));
}

TEST_F(board_of_tasks, lets_go_of_what_has_ended_long_ago) {
  settings.tasks.ended_max = 1;
  restart();
  const auto cancel = [&](const std::string& id) {
    return changing([&](task_changes& out) {
      return board.cancel({some_client, id, ""}, now, out);
    });
  };
  const auto first = submit("one");
  EXPECT_TRUE(cancel(first));
  const auto second = submit("two");
  now += second_ms;
  EXPECT_TRUE(cancel(second));
  EXPECT_FALSE(rows.tasks.contains(first)); // one place only
  EXPECT_TRUE(rows.tasks.contains(second));
  EXPECT_EQ(rows.places.size(), 1U);
  pass(settings.tasks.purge_s);
  EXPECT_TRUE(rows.tasks.empty());
  EXPECT_TRUE(rows.places.empty());
  EXPECT_EQ(cancel(second).error().code, ec::no_such_key);
}

} // namespace
} // namespace sluice
