/// What two programs of a fleet send to each other, and what the actors at either end do.
#pragma once

#include "messages/atoms.hpp"
#include "messages/errors.hpp"
#include "messages/inspect.hpp"
#include "rules/fleet/hello.hpp"

#include <caf/actor_control_block.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <memory>

namespace sluice {

/// The first message of a peer. This type and the next never change: what they contain is read only
/// when the version is ours, so that another version can be answered. `version`: of the protocol of
/// the fleet; `bytes` are bounded by the guard (guard_bounds). Bytes that are no hello are a
/// refusal of the peer.
struct fleet_hello {
  uint32_t version = fleet_version;
  caf::strong_actor_ptr face; // where the peer receives
  std::string bytes;          // hello_message
  SLUICE_FIELDS(version, face, bytes)
};

/// Everything else, in both directions. Only these two are ever sent between programs.
/// `session` is never 0 for an admitted peer. A frame whose number is not the next, whose kind is
/// not allowed or whose proof is wrong is a fleet_offence and ends the session.
struct fleet_frame {
  uint64_t session = 0;
  uint64_t number = 0; // 1, 2, ... in this direction; 0 of greetings
  uint8_t kind = 0;    // frame_kind
  std::string bytes;
  fleet_bytes proof{}; // net::frame_proof; nothing of greetings
  SLUICE_FIELDS(session, number, kind, bytes, proof)
};

/// Network -> who asked it to listen or to connect. `attempt`: the number that the asker gave;
/// `port`: 1 to 65535, 0 when it does not listen. `why` is set when neither came of it. Errors are
/// in `why`.
struct network_answer {
  uint64_t attempt = 0;
  uint16_t port = 0;         // it listens here
  caf::strong_actor_ptr far; // it is connected with
  std::string why;           // or why not
};

/// Guard -> whoever owns a session: this peer broke the rules; nothing of it comes through any
/// more. `session`: the number of an admitted session, never 0.
struct fleet_offence {
  uint64_t session = 0;
  std::string what;
  SLUICE_FIELDS(session, what)
};

/// Who is in now; for whoever looks. `session`: its number, never 0. Not checked here.
struct fleet_peer {
  fleet_role role = fleet_role::worker;
  std::string name;
  std::string hotkey;
  uint64_t session = 0;
  SLUICE_FIELDS(role, name, hotkey, session)
  bool operator==(const fleet_peer&) const = default;
};

/// FLEET: who comes in over CAF, and as what.
using fleet_actor = caf::typed_actor<
  // From its guard: the hello, and the proof of them.
  caf::reacts_to<fleet_hello>, caf::reacts_to<fleet_frame>,
  // A peer that may not go on.
  caf::reacts_to<fleet_offence>,
  // It listens, or cannot.
  caf::reacts_to<network_answer>,
  // Its own: greetings that took too long.
  caf::reacts_to<atom::due>,
  // Everybody who is in.
  caf::replies_to<atom::roster>::with<std::vector<fleet_peer>>>;

/// ENTRY: what one admitted peer may do here, and nothing else.
using fleet_entry_actor = caf::typed_actor<
  // The peer knows that it is admitted: messages may be sent to it.
  caf::reacts_to<atom::start>,
  // From the guard, proved, and of a kind that this role may send.
  caf::reacts_to<fleet_frame>,
  // The peer broke the rules: the session is over.
  caf::reacts_to<fleet_offence>>;

class session_handle;

/// Link -> its owner: this side is admitted; send here.
struct link_up {
  std::shared_ptr<session_handle> handle;
  std::string node; // name of the other side
};

/// Link -> its owner: out again, or never in. It tries again unless it is asked to end.
struct link_down {
  std::string why;
  bool refused = false; // the other side refused: it will refuse again
  SLUICE_FIELDS(why, refused)
};

/// LINK: a stable address for what comes and goes: connects, proves, and again whenever it is lost.
/// An attempt's number is from 1.
using fleet_link_actor = caf::typed_actor<
  // From its guard.
  caf::reacts_to<fleet_frame>, caf::reacts_to<fleet_offence>,
  // It is connected, or cannot be.
  caf::reacts_to<network_answer>,
  // Its own: the next attempt.
  caf::reacts_to<atom::start>,
  // Its own: nobody answered the attempt of this number in time.
  caf::reacts_to<atom::due, uint64_t>>;

} // namespace sluice

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::network_answer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::link_up)

CAF_BEGIN_TYPE_ID_BLOCK(sluice_fleet, 1000)

  CAF_ADD_TYPE_ID(sluice_fleet, (sluice::fleet_hello))
  CAF_ADD_TYPE_ID(sluice_fleet, (sluice::fleet_frame))
  CAF_ADD_TYPE_ID(sluice_fleet, (sluice::fleet_offence))
  CAF_ADD_TYPE_ID(sluice_fleet, (sluice::network_answer))
  CAF_ADD_TYPE_ID(sluice_fleet, (sluice::fleet_peer))
  CAF_ADD_TYPE_ID(sluice_fleet, (std::vector<sluice::fleet_peer>))
  CAF_ADD_TYPE_ID(sluice_fleet, (sluice::link_up))
  CAF_ADD_TYPE_ID(sluice_fleet, (sluice::link_down))
  CAF_ADD_TYPE_ID(sluice_fleet, (sluice::fleet_actor))
  CAF_ADD_TYPE_ID(sluice_fleet, (sluice::fleet_entry_actor))
  CAF_ADD_TYPE_ID(sluice_fleet, (sluice::fleet_link_actor))

CAF_END_TYPE_ID_BLOCK(sluice_fleet)

EXTERN_INSTANTIATE(sluice::fleet_hello)
EXTERN_INSTANTIATE(sluice::fleet_frame)
EXTERN_INSTANTIATE(sluice::fleet_offence)
EXTERN_INSTANTIATE(sluice::fleet_peer)
EXTERN_INSTANTIATE(sluice::link_down)
