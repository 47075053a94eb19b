/// All tasks as one value: what is submitted, handed out, answered, ended by time.
///
/// It decides; whoever owns it stores. Every function that changes something answers the rows that
/// changed, which are to be durable before the caller gets its answer, and a board that is made of
/// the stored rows continues where this one was.
#pragma once

#include "rules/consensus/config.hpp"
#include "rules/consensus/task_calls.hpp"
#include "rules/consensus/task_select.hpp"
#include "rules/consensus/tracker.hpp"
#include "rules/result.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace sluice {

/// Where a task stands in the list of its state. `moment_ms`: when it was created, of an ended one
/// when it ended; milliseconds since 1970-01-01 UTC.
struct task_place {
  task_state state = task_state::pending;
  uint64_t moment_ms = 0;
  std::string id;
  SLUICE_FIELDS(state, moment_ms, id)
  friend auto operator<=>(const task_place&, const task_place&) = default;
};

/// What is known of a task without its record. `number`: in the order of submission, from 1.
struct task_summary {
  uint64_t number = 0;
  task_type type = task_type::transcription;
  task_priority priority = task_priority::normal;
  std::string client;
  std::string digest;
  std::optional<miner_uid> best;
  SLUICE_FIELDS(number, type, priority, client, digest, best)
  bool operator==(const task_summary&) const = default;
};

task_place place_of(const task_record& x);
task_summary summary_of(const task_record& x);

/// Rows to be stored: a row, or none where it is to be erased.
struct task_changes {
  std::map<std::string, std::optional<task_record>> tasks; // by id
  std::map<task_place, std::optional<task_summary>> places;
  std::map<hotkey, std::optional<miner_work>> work;
};

/// An assignment that waits for its miner, and what the miner gets.
struct open_assignment {
  miner_uid uid;
  hotkey key;
  task_work work;
};

/// What one pass did. Counts from 0.
struct distribute_result {
  uint64_t assignments = 0;
  uint64_t tasks = 0;     // that were assigned
  uint64_t available = 0; // miners that could have been given a task when it began
};

/// `now_ms` everywhere: milliseconds since 1970-01-01 UTC. Every call first applies time to what it
/// is about, so that no limit depends on when a pass was. Not for several threads.
class task_board {
public:
  explicit task_board(const consensus_settings& settings = {}) : settings_(settings) {}

  /// Rows as they were stored, in any order: of tasks that have not ended the record, of the others
  /// place and summary.
  void restore(task_record x);
  void restore(const task_place& place, const task_summary& x);
  void restore(const hotkey& key, miner_work x) { work_[key] = std::move(x); }

  // ---- clients ----------------------------------------------------------------------------------

  /// Faults: as the calls state.
  result<submitted_task> submit(submit_task_call call, uint64_t now_ms, task_changes& out);
  result<changed_task> cancel(const cancel_task_call& call, uint64_t now_ms, task_changes& out);
  result<changed_task> approve(const approve_task_call& call, uint64_t now_ms, task_changes& out);

  // ---- workers ----------------------------------------------------------------------------------

  /// This miner is there.
  void see(const hotkey& worker, uint64_t now_ms);
  /// Assignments of this worker that wait, oldest task first; they count as handed out.
  std::vector<task_work> fetch(const fetch_tasks_call& call, uint64_t now_ms, task_changes& out);
  /// This assignment is on its way to its miner: from now on its time counts. One that is not open
  /// changes nothing.
  void
  hand_out(const std::string& task_id, const hotkey& worker, uint64_t now_ms, task_changes& out);
  /// `processing_ms`: how long it took, where the caller knows; none: since it was handed out.
  result<answered_task> answer(const answer_task_call& call, std::optional<uint64_t> processing_ms,
                               uint64_t now_ms, task_changes& out);

  // ---- time -------------------------------------------------------------------------------------

  /// Ends and retries what is due, and lets go of what has ended long ago.
  void expire(uint64_t now_ms, task_changes& out);
  /// Gives tasks that wait to miners: urgent ones first, then by age, then by id. `connected`: who
  /// can be asked; who polls is known here. Miners as the records have them; their load is not
  /// below what they have from this board.
  distribute_result
  distribute(std::vector<available_miner> miners, const std::set<hotkey>& connected,
             uint64_t now_ms, task_changes& out);

  // ---- what is so -------------------------------------------------------------------------------

  /// Null when there is none that has not ended.
  const task_record* find(const std::string& id) const;
  /// Everything that waits for a miner's answer, by task number, then uid.
  std::vector<open_assignment> open_assignments() const;
  /// Without health and available miners, which are a pass's.
  task_stats stats() const;
  const std::map<hotkey, miner_work>& work() const { return work_; }

private:
  using pending_key = std::tuple<int, uint64_t, std::string>; // urgent first, oldest first

  struct ended_task {
    task_place place;
    task_summary summary;
  };

  const consensus_task_terms& terms() const { return settings_.tasks; }
  static pending_key pending_key_of(const task_record& x);
  static task_work work_of(const task_record& x, const task_assignment& y, uint64_t answer_s);
  void insert(task_record x);
  void enlist(const task_record& x);
  void delist(const task_record& x);
  /// Changes a task that has not ended by `f`, which leaves id, client and times of creation alone.
  void edit(task_record& x, uint64_t now_ms, task_changes& out, const std::function<void()>& f);
  void
  end(task_record& x, task_state state, std::string reason, uint64_t now_ms, task_changes& out);
  void complete(task_record& x, uint64_t now_ms, task_changes& out);
  void fail_attempt(task_record& x, uint64_t now_ms, task_changes& out);
  void miss_open(task_record& x, uint64_t now_ms, task_changes& out);
  void settle(const task_record& x, uint64_t now_ms, task_changes& out);
  void add_outcome(const hotkey& key, const work_outcome& one, task_changes& out);
  void apply_time(task_record& x, uint64_t now_ms, task_changes& out);
  /// The task after what time has done to it; null when it is not open any more.
  task_record* open_now(const std::string& id, uint64_t now_ms, task_changes& out);
  void forget_ended(uint64_t now_ms, task_changes& out);
  std::optional<fault> why_not_taken(const submit_task_call& call) const;
  result<task_record*>
  of_caller(const task_caller& who, const std::string& id, uint64_t now_ms, task_changes& out);
  bool is_seen(const hotkey& key, uint64_t now_ms) const;

  consensus_settings settings_;
  std::map<std::string, task_record> open_; // by id; what has not ended
  std::set<pending_key> pending_;
  std::map<hotkey, std::set<std::string>> by_worker_; // ids of tasks with an open assignment
  std::map<std::string, uint64_t> by_client_;         // how many have not ended
  std::map<std::string, ended_task> ended_;           // by id
  std::set<std::pair<uint64_t, std::string>> ended_by_time_;
  std::map<hotkey, miner_work> work_;
  std::map<hotkey, uint64_t> seen_ms_;
  std::array<uint64_t, task_state_names.size()> by_state_{};
  uint64_t last_number_ = 0;
  uint64_t responses_ = 0;
  uint64_t refused_duplicates_ = 0;
  uint64_t refused_unassigned_ = 0;
  uint64_t refused_late_ = 0;
  uint64_t repeated_submissions_ = 0;
};

} // namespace sluice
