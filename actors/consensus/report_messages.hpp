/// What the reporting side and the sharing of reports send each other; ids 1480 to 1499 of the
/// mechanism's block.
#pragma once

#include "messages/atoms.hpp"
#include "messages/errors.hpp"
#include "messages/fleet.hpp"
#include "messages/inspect.hpp"
#include "net/consensus/prober.hpp"
#include "rules/consensus/report_plan.hpp"
#include "rules/consensus/signed_report.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace caf {
class actor_system_config;
}

namespace sluice {

/// HTTP client's thread -> report sender: what came of an attempt. Stays in this process.
struct report_reply {
  report_attempt attempt;
  report_answer answer;
};

/// Prober's thread -> report sender: who could be reached in round `round`, in the order that was
/// asked for. Stays in this process.
struct probe_reply {
  uint64_t round = 0;
  std::shared_ptr<const std::vector<net::probed>> outcomes;
};

/// How the reporting side does. Counts from 0, since the actor began.
struct report_sender_view {
  std::string hotkey;         // whose reports these are; "": not known yet
  uint64_t uid = 0;           // its slot; of a hotkey that is registered
  bool registered = false;    // on this subnet
  uint64_t rounds = 0;        // that measured and made a report
  uint64_t rounds_failed = 0; // that made none: last_error states why
  uint64_t rounds_late = 0;   // that did not begin because the one before was not through
  uint64_t last_report = 0;   // number, which is its epoch; 0: none
  uint64_t last_ms = 0;       // milliseconds since 1970-01-01 UTC; 0: never
  uint64_t items = 0;         // of the last report
  uint64_t serving = 0;       // of them
  uint64_t left_out = 0;      // miners that had no space in it
  std::string last_error;     // of a round
  std::vector<report_target_view> targets;
  SLUICE_FIELDS(hotkey, uid, registered, rounds, rounds_failed, rounds_late, last_report, last_ms,
                items, serving, left_out, last_error, targets)
  bool operator==(const report_sender_view&) const = default;
};

/// REPORT SENDER: measures the miners and reports to proxies. What proxies do is never a failure of
/// the actor.
using report_sender_actor = caf::typed_actor<
  // How it does.
  caf::replies_to<atom::view>::with<report_sender_view>,
  // Its own: time for the next round.
  caf::reacts_to<atom::step, uint64_t>,
  // Its own: a pause of a proxy is over.
  caf::reacts_to<atom::due, uint64_t>,
  // What came back.
  caf::reacts_to<report_reply>, caf::reacts_to<probe_reply>>;

/// A signed report that this node, or another one of its operator's, has taken.
struct shared_report {
  std::shared_ptr<const signed_report> report; // never null
};

/// One other node of the operator's, in sessions that come and go.
using share_peer_actor = caf::typed_actor<
  // It is admitted there, or here.
  caf::reacts_to<atom::start>, caf::reacts_to<link_up>, caf::reacts_to<link_down>,
  // From its guard.
  caf::reacts_to<fleet_frame>, caf::reacts_to<fleet_offence>,
  // To be sent there.
  caf::reacts_to<shared_report>,
  // The report that it sent first of those not answered yet is dealt with.
  caf::reacts_to<atom::done>>;

/// Peer -> share: it can be sent to, or not any more.
struct share_peer_state {
  share_peer_actor peer;
  std::string node; // its name
  bool up = false;
};

/// Peer -> share: a report that came from there, nothing of it checked.
struct peer_report {
  share_peer_actor from;
  std::shared_ptr<const signed_report> report; // never null
};

/// Share -> itself: what the node's intake decided about a report of a peer's.
struct share_verdict {
  share_peer_actor from;
  std::shared_ptr<const signed_report> report; // never null
  bool taken = false;
  std::string why; // not
};

/// How sharing does. Counts of reports from 0, since the actor began.
struct report_share_view {
  std::vector<std::string> nodes; // that are connected, by name
  uint64_t shared = 0;            // of this node, sent to whoever is connected
  uint64_t came = 0;              // from others
  uint64_t known = 0;             // of them, here already
  uint64_t forged = 0;            // of them, not signed by who they state, or too old
  uint64_t refused = 0;           // of them, by this node's intake
  uint64_t taken = 0;             // of them
  std::string last_error;
  SLUICE_FIELDS(nodes, shared, came, known, forged, refused, taken, last_error)
  bool operator==(const report_share_view&) const = default;
};

/// REPORT SHARE: passes on what was taken, and believes nobody.
using report_share_actor = caf::typed_actor<
  // This node has taken it: everybody may have it.
  caf::reacts_to<shared_report>,
  // A peer of it came, went, or sent one.
  caf::reacts_to<share_peer_state>, caf::reacts_to<peer_report>,
  // Its own.
  caf::reacts_to<share_verdict>,
  // How it does.
  caf::replies_to<atom::view>::with<report_share_view>>;

/// Registers these types; part of the mechanism's add_messages.
void add_report_messages(caf::actor_system_config& config);

} // namespace sluice

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::report_reply)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::probe_reply)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::shared_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::share_peer_state)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::peer_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::share_verdict)

CAF_BEGIN_TYPE_ID_BLOCK(sluice_consensus_reports, 1480)

  CAF_ADD_TYPE_ID(sluice_consensus_reports, (sluice::report_reply))
  CAF_ADD_TYPE_ID(sluice_consensus_reports, (sluice::probe_reply))
  CAF_ADD_TYPE_ID(sluice_consensus_reports, (sluice::report_sender_view))
  CAF_ADD_TYPE_ID(sluice_consensus_reports, (sluice::report_sender_actor))
  CAF_ADD_TYPE_ID(sluice_consensus_reports, (sluice::shared_report))
  CAF_ADD_TYPE_ID(sluice_consensus_reports, (sluice::share_peer_actor))
  CAF_ADD_TYPE_ID(sluice_consensus_reports, (sluice::share_peer_state))
  CAF_ADD_TYPE_ID(sluice_consensus_reports, (sluice::peer_report))
  CAF_ADD_TYPE_ID(sluice_consensus_reports, (sluice::share_verdict))
  CAF_ADD_TYPE_ID(sluice_consensus_reports, (sluice::report_share_view))
  CAF_ADD_TYPE_ID(sluice_consensus_reports, (sluice::report_share_actor))

CAF_END_TYPE_ID_BLOCK(sluice_consensus_reports)

EXTERN_INSTANTIATE(sluice::report_sender_view)
EXTERN_INSTANTIATE(sluice::report_share_view)
