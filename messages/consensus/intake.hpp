/// What the intake of reports is asked, and what a step of the mechanism reports.
#pragma once

#include "messages/consensus/tasks.hpp"
#include "messages/mechanism.hpp"
#include "rules/consensus/report_arrival.hpp"
#include "rules/consensus/step.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/fwd.hpp>
#include <caf/replies_to.hpp>
#include <caf/type_id.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>
#include <functional>

namespace sluice {

/// A report of a validator outside, with the way back, which is used once and from any thread.
/// Stays in this process.
struct report_message {
  report_arrival what;
  std::function<void(result<report_outcome>)> reply;
};

/// A worker outside wants to know which slot it has; the way back as above.
struct worker_message {
  hotkey worker; // proved by whoever made this
  std::function<void(result<miner_uid>)> reply;
};

/// Stepped time: the moment of the records is now this one. Milliseconds since 1970-01-01 UTC.
struct intake_moment {
  uint64_t now_ms = 0;
  SLUICE_FIELDS(now_ms)
};

/// CONSENSUS INTAKE: the only one who changes the book of reports. A report is durable before it is
/// answered, and readers see what it changed in the same turn. Faults: ec::bad_input, the list is
/// no JSON; ec::refused, the sender proves no such validator, or the report was there before;
/// ec::busy, too many wait; the storage writer's.
using consensus_intake_actor = caf::typed_actor<
  // Of validators outside.
  caf::reacts_to<report_message>,
  // Of workers outside; ec::refused: it is not registered on the subnet.
  caf::reacts_to<worker_message>,
  // Of this node's own, and of other nodes.
  caf::replies_to<report_arrival>::with<report_outcome>,
  // Of the task distributor.
  caf::replies_to<selectable_miners_query>::with<selectable_miners>,
  // Of the mechanism: what leaves the window leaves it now; answered when that is durable.
  caf::replies_to<intake_moment>::with<intake_status>,
  // Its own: time has passed.
  caf::reacts_to<atom::due>>;

/// What a step adds to the report of a run. Stays in this process.
struct consensus_detail final : step_detail {
  explicit consensus_detail(const consensus_step& x) : step(x) {}
  consensus_step step;
};

/// Registers these, and those of tasks. Called by the module, before the actor system is made.
void add_consensus_messages(caf::actor_system_config& config);

} // namespace sluice

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::report_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::worker_message)

CAF_BEGIN_TYPE_ID_BLOCK(sluice_consensus, 1400)

  CAF_ADD_TYPE_ID(sluice_consensus, (sluice::report_message))
  CAF_ADD_TYPE_ID(sluice_consensus, (sluice::worker_message))
  CAF_ADD_TYPE_ID(sluice_consensus, (sluice::report_arrival))
  CAF_ADD_TYPE_ID(sluice_consensus, (sluice::report_outcome))
  CAF_ADD_TYPE_ID(sluice_consensus, (sluice::intake_moment))
  CAF_ADD_TYPE_ID(sluice_consensus, (sluice::intake_status))
  CAF_ADD_TYPE_ID(sluice_consensus, (sluice::consensus_intake_actor))

CAF_END_TYPE_ID_BLOCK(sluice_consensus)

EXTERN_INSTANTIATE(sluice::report_arrival)
EXTERN_INSTANTIATE(sluice::report_outcome)
EXTERN_INSTANTIATE(sluice::intake_moment)
EXTERN_INSTANTIATE(sluice::intake_status)
