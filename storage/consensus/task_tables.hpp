/// Tables of the task board: every task, where it stands, what miners did, the turn of stepped
/// time.
#pragma once

#include "rules/consensus/task_board.hpp"
#include "rules/consensus/task_turn.hpp"
#include "storage/coded_rows.hpp"
#include "storage/schema.hpp"
#include "storage/table.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace sluice::storage {

/// These tables, for the consensus mechanism's part of the schema.
std::vector<table_name> task_tables();

/// The rows of these changes, added to a batch: a task and its place in the same one.
void add_task_changes(batch& out, const task_changes& changes);

/// The board as it is stored. Faults: those of the disk; ec::corrupt_data, a place without a task.
template <disk Disk>
result<task_board> read_task_board(const Disk& from, const consensus_settings& settings);

/// Newest first: by the moment of the place, then by id; at most call.limit. Faults: as above.
template <disk Disk>
result<std::vector<task_record>> list_tasks(const Disk& from, const list_tasks_call& call);

} // namespace sluice::storage

namespace sluice::storage::tables {

/// Tasks.
///   key    : task id
///   value  : task_record
///   writer : task distributor, before it answers
///   order  : by id
/// Ended ones are erased after consensus_task_terms::purge_s.
inline constexpr table<std::string, task_record> consensus_tasks{node_store, "consensus_tasks"};

/// Where every task stands.
///   key    : task_place {state, moment, id}
///   value  : task_summary
///   writer : whoever writes the task, in the same batch
///   order  : by state, then oldest first
inline constexpr table<task_place, task_summary> consensus_task_places{node_store,
                                                                       "consensus_task_places"};

/// What miners did with tasks.
///   key    : hotkey
///   value  : miner_work
///   writer : task distributor, in the batch of the task that it comes from
///   order  : by hotkey
inline constexpr table<hotkey, miner_work> consensus_task_work{node_store, "consensus_task_work"};

/// The last turn of stepped time.
///   key    : "now"
///   value  : task_turn_report
///   writer : task distributor, in the batch of what the turn changed
///   order  : one row
inline constexpr table<std::string, task_turn_report> consensus_task_turn{node_store,
                                                                          "consensus_task_turn"};

inline const std::string consensus_task_turn_key = "now";

} // namespace sluice::storage::tables

namespace sluice::storage {

SLUICE_ROWS_CODED_ELSEWHERE(task_record)
SLUICE_ROWS_CODED_ELSEWHERE(task_summary)
SLUICE_ROWS_CODED_ELSEWHERE(miner_work)
SLUICE_ROWS_CODED_ELSEWHERE(task_turn_report)

template <disk Disk>
result<task_board> read_task_board(const Disk& from, const consensus_settings& settings) {
  task_board made{settings};
  std::optional<fault> bad;
  auto read = tables::consensus_task_places.for_each(
    from, [&](const task_place& place, const task_summary& x) {
      if (is_terminal(place.state)) {
        made.restore(place, x);
        return true;
      }
      auto task = tables::consensus_tasks.find(from, place.id);
      if (!task)
        bad = task.error();
      else if (!*task)
        bad = fault{ec::corrupt_data, "task " + place.id + " has a place and no record"};
      else
        made.restore(**std::move(task));
      return !bad;
    });
  if (!read || bad)
    return bad ? *bad : read.error();
  read = tables::consensus_task_work.for_each(
    from, [&](const hotkey& key, miner_work x) { made.restore(key, std::move(x)); });
  if (!read)
    return read.error();
  return made;
}

template <disk Disk>
result<std::vector<task_record>> list_tasks(const Disk& from, const list_tasks_call& call) {
  std::vector<task_place> places; // at most call.limit of each state
  for (size_t i = 0; i < task_state_names.size(); ++i) {
    const auto state = static_cast<task_state>(i);
    if (call.state && *call.state != state)
      continue;
    size_t found = 0;
    auto read = tables::consensus_task_places.for_prefix_back(
      from, std::tuple{state}, [&](task_place place, const task_summary& x) {
        if (found >= call.limit)
          return false;
        if (!call.client || x.client == *call.client) {
          places.push_back(std::move(place));
          ++found;
        }
        return true;
      });
    if (!read)
      return read.error();
  }
  std::ranges::sort(places, [](const task_place& a, const task_place& b) {
    return std::tie(b.moment_ms, b.id) < std::tie(a.moment_ms, a.id);
  });
  places.resize(std::min<size_t>(places.size(), call.limit));
  std::vector<task_record> made;
  made.reserve(places.size());
  for (const auto& place : places) {
    auto task = tables::consensus_tasks.find(from, place.id);
    if (!task)
      return task.error();
    if (*task) // else it was erased in between
      made.push_back(**std::move(task));
  }
  return made;
}

} // namespace sluice::storage
