/// A task distributor on a real disk, with a roster, miners and records of the test's own.
#pragma once

#include "actors/consensus/distributor.hpp"
#include "actors/consensus/local_workers.hpp"
#include "actors/storage_writer.hpp"
#include "net/consensus/task_bodies.hpp"
#include "rules/consensus/name.hpp"
#include "rules/consensus/task_work.hpp"
#include "storage/consensus/task_tables.hpp"
#include "tests/support/actor_test.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sluice::test {

/// The moment at which tests of tasks begin: 2026-01-01T00:00:00Z, in milliseconds.
inline constexpr uint64_t tasks_start_ms = 1'767'225'600'000;

class task_test : public actor_test {
protected:
  static hotkey key_of(uint16_t uid) { return {"miner-" + std::to_string(uid)}; }

  /// The present: the clock of the test, and of the distributor.
  uint64_t now_ms() {
    const auto passed = sched.clock().now().time_since_epoch();
    return tasks_start_ms
           + static_cast<uint64_t>(
             std::chrono::duration_cast<std::chrono::milliseconds>(passed).count());
  }

  /// A miner that the records allow and that is connected by this handle; null: it is away.
  void join(uint16_t uid, const miner_actor& handle, double performance = 0.5) {
    entries.push_back({{uid}, key_of(uid), "", handle, true, "", {std::string{consensus_name}}});
    available_miner x;
    x.uid = {uid};
    x.hotkey = key_of(uid).value;
    x.performance = performance;
    x.stake = 100.0 + uid;
    records.push_back(std::move(x));
  }

  miner_actor worker(uint16_t uid, worker_strategy_kind kind) {
    return keep(spawn_task_worker(sys, key_of(uid), {kind, 1}));
  }

  /// A miner that does the work after so many milliseconds of the test's clock.
  miner_actor late_worker(uint64_t after_ms) {
    return keep(
      sys.spawn([after_ms, this](miner_actor::pointer self) -> miner_actor::behavior_type {
        return {[self, after_ms, this](const miner_question& x) {
                  questions.push_back(*net::task_question_in(x.body, x.deadline_ms));
                  const auto& asked = questions.back();
                  held_promise<miner_answer> promise{self};
                  task_answer made{asked.task_id,
                                   task_result(*task_type_of(asked.task_type), asked.payload), 0};
                  waiting.emplace_back(now_ms() + after_ms, [promise, made]() mutable {
                    promise.deliver(miner_answer{net::task_answer_body(std::move(made))});
                  });
                  return promise.promise();
                },
                [this](const miner_notice& x) { notices.push_back(*net::task_notice_in(x.body)); },
                [](atom::fence) { return atom::done_v; }};
      }));
  }

  task_distributor_actor make_distributor(std::optional<dev_task_terms> world = {}) {
    task_distributor_config config;
    config.settings = settings;
    config.world = world;
    config.unix_ms = [this] { return now_ms(); };
    return keep(
      spawn_task_distributor(sys, std::move(config), {disk, storage_writer, roster, miners}));
  }

  /// A call from outside whose answer the test keeps.
  template <class Message, class Answer, class Call>
  std::shared_ptr<std::optional<result<Answer>>>
  call(const task_distributor_actor& whom, Call what) {
    auto answer = std::make_shared<std::optional<result<Answer>>>();
    caf::anon_send(whom, Message{std::move(what), [answer](result<Answer> x) {
                                   EXPECT_FALSE(answer->has_value()) << "a second answer";
                                   answer->emplace(std::move(x));
                                 }});
    settle();
    return answer;
  }

  std::string submit(const task_distributor_actor& whom, uint64_t required = 1) {
    submit_task_call what;
    what.caller.client = "client";
    what.type = task_type::translation;
    what.payload = "one two";
    what.required_miner_count = required;
    const auto made = call<submit_task_message, submitted_task>(whom, std::move(what));
    EXPECT_TRUE(*made && **made);
    return *made && **made ? (**made)->task_id : "";
  }

  auto answer(const task_distributor_actor& whom, uint16_t uid, const std::string& id) {
    return call<answer_task_message, answered_task>(whom,
                                                    answer_task_call{key_of(uid), id, "two one"});
  }

  task_record row(const std::string& id) {
    const auto found = storage::tables::consensus_tasks.get(*disk, id);
    EXPECT_TRUE(found) << found.error().what;
    return found ? *found : task_record{};
  }

  /// What late workers have promised up to now.
  void deliver_waiting() {
    auto all = std::exchange(waiting, {});
    for (auto& [at, deliver] : all)
      if (at <= now_ms())
        deliver();
      else
        waiting.emplace_back(at, std::move(deliver));
    settle();
  }

  consensus_settings settings;
  std::vector<roster_entry> entries;
  std::vector<available_miner> records;
  std::vector<task_question> questions;
  std::vector<task_notice> notices;
  std::vector<std::pair<uint64_t, std::function<void()>>> waiting;
  std::shared_ptr<storage::data_dir> disk = open_disk();
  storage_writer_actor storage_writer = keep(spawn_storage_writer(sys, {disk, false}));
  roster_actor roster = mock<roster_actor>(
    [this](atom::roster) { return entries; }, [](const miner_came&) {}, [](const miner_gone&) {},
    [](atom::ban, const hotkey&, const ban_record&) { return atom::done_v; },
    [](atom::unban, const hotkey&) { return atom::done_v; },
    [](atom::view, const roster_watcher_actor&) { return roster_snapshot{}; });
  selectable_miners_actor miners = mock<selectable_miners_actor>(
    [this](const selectable_miners_query&) { return selectable_miners{records}; });
};

} // namespace sluice::test
