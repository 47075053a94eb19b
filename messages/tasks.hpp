/// What owners of periodic tasks, whoever looks at these and the task manager send to each other.
#pragma once

#include "messages/atoms.hpp"
#include "messages/errors.hpp"
#include "messages/inspect.hpp"
#include "rules/periodic/schedule.hpp"
#include "rules/periodic/statistics.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace sluice {

/// Task manager -> owner: do it now. Answered when it is done; an error is a failed attempt.
struct run_task {
  std::string name;
  uint64_t run = 0;     // of this task, from 1
  uint64_t attempt = 1; // of this run, from 1
  SLUICE_FIELDS(name, run, attempt)
  bool operator==(const run_task&) const = default;
};

/// Runs its tasks when it is asked to. An actor with more messages is one of these as well.
using task_owner_actor = caf::typed_actor<caf::replies_to<run_task>::with<atom::done>>;

/// A periodic task. Under a name that is there already the owner takes the place of the earlier one
/// with its own terms, and the statistics go on: so does an owner that was restarted. Stays in this
/// process.
struct add_task {
  std::string name; // is_task_name
  periodic_terms terms;
  task_owner_actor owner;
};

/// What is wanted of a task. Append only: the numbers travel.
enum class task_order : uint8_t {
  pause = 0, // no more runs; the one in hand ends, without retries
  resume,    // ec::refused: it is not paused
  run,       // now, also while it is paused; ec::busy: it runs, ec::refused: nobody to run it
  remove,    // for good; the run in hand ends unobserved
  look,      // nothing
};

/// `task`: a name, or an id in decimals.
struct task_command {
  task_order order = task_order::look;
  std::string task;
  SLUICE_FIELDS(order, task)
  bool operator==(const task_command&) const = default;
};

/// Runs a task now, without retries, and waits for its end, at most `timeout_ms` (1 to
/// periodic_limits::timeout_ms_max): then ec::timeout, and no other run begins before the owner has
/// answered.
struct run_with_timeout {
  std::string task; // as above
  uint64_t timeout_ms = 1;
  SLUICE_FIELDS(task, timeout_ms)
  bool operator==(const run_with_timeout&) const = default;
};

/// TASK MANAGER: asks the owners of periodic tasks to run them, each in its own time and never a
/// second time before the first is at its end.
using task_manager_actor = caf::typed_actor<
  // Its id. ec::bad_input: no such name or terms; ec::out_of_range: there are too many.
  caf::replies_to<add_task>::with<uint64_t>,
  // How the task does then. ec::no_such_key: there is none.
  caf::replies_to<task_command>::with<task_view>,
  // As it ended: its error is the answer.
  caf::replies_to<run_with_timeout>::with<task_view>,
  // All of them, by name.
  caf::replies_to<atom::view>::with<task_list>,
  // Its own: something is due.
  caf::reacts_to<atom::due, uint64_t>>;

} // namespace sluice

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::add_task)

CAF_BEGIN_TYPE_ID_BLOCK(sluice_tasks, 1650)

  CAF_ADD_TYPE_ID(sluice_tasks, (sluice::run_task))
  CAF_ADD_TYPE_ID(sluice_tasks, (sluice::add_task))
  CAF_ADD_TYPE_ID(sluice_tasks, (sluice::task_command))
  CAF_ADD_TYPE_ID(sluice_tasks, (sluice::run_with_timeout))
  CAF_ADD_TYPE_ID(sluice_tasks, (sluice::task_view))
  CAF_ADD_TYPE_ID(sluice_tasks, (sluice::task_list))
  CAF_ADD_TYPE_ID(sluice_tasks, (sluice::task_owner_actor))
  CAF_ADD_TYPE_ID(sluice_tasks, (sluice::task_manager_actor))

CAF_END_TYPE_ID_BLOCK(sluice_tasks)

EXTERN_INSTANTIATE(sluice::run_task)
EXTERN_INSTANTIATE(sluice::task_command)
EXTERN_INSTANTIATE(sluice::run_with_timeout)
EXTERN_INSTANTIATE(sluice::task_view)
EXTERN_INSTANTIATE(sluice::task_list)
