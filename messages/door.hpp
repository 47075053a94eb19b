/// What the door, and the far side of each miner that came through it, hear and say.
#pragma once

#include "messages/miner.hpp"
#include "rules/door/handshake.hpp"
#include "rules/miner/codec.hpp"

namespace sluice {

/// The server's thread -> door: this hotkey has come in.
struct door_entered {
  uint64_t session = 0;
  hotkey key;
  miner_uid uid;
  std::string software;
  std::string from; // its network
  uint64_t protocol = door_protocol;
  SLUICE_FIELDS(session, key, uid, software, from, protocol)
};

/// An answer to the question `id` of this session, not read yet: its peer knows by which codec.
struct door_answered {
  uint64_t session = 0;
  uint64_t id = 0;
  body_text body;
  SLUICE_FIELDS(session, id, body)
};

/// The question `id` has been written: its time runs from now on.
struct door_written {
  uint64_t session = 0;
  uint64_t id = 0;
  SLUICE_FIELDS(session, id)
};

/// The session is over; `reason` is a word of docs/wire.md.
struct door_left {
  uint64_t session = 0;
  std::string reason;
  std::string text;
  SLUICE_FIELDS(session, reason, text)
};

/// One session, for whoever looks.
struct door_session_row {
  uint64_t session = 0;
  miner_uid uid;
  hotkey key;
  std::string from;
  std::string software;
  uint64_t since_ms = 0; // unix
  uint64_t asked = 0;
  uint64_t answered = 0; // in time
  uint64_t late = 0;     // the deadline was over
  uint64_t invalid = 0;  // answers that were not allowed
  SLUICE_FIELDS(session, uid, key, from, software, since_ms, asked, answered, late, invalid)
  bool operator==(const door_session_row&) const = default;
};

/// The door, for whoever looks: counters since it began.
struct door_view {
  std::string address;
  bool tls = false;
  uint64_t open = 0;    // connections now
  uint64_t waiting = 0; // of those, not admitted
  uint64_t accepted = 0;
  uint64_t admitted = 0;
  std::map<std::string, uint64_t> refused; // by reason; sessions that ended too
  std::vector<door_session_row> sessions;
  SLUICE_FIELDS(address, tls, open, waiting, accepted, admitted, refused, sessions)
  bool operator==(const door_view&) const = default;
};

/// PEER: the far side of one miner that came through the door.
using peer_actor = miner_actor::extend<
  // An answer came.
  caf::reacts_to<door_answered>,
  // A question was written.
  caf::reacts_to<door_written>,
  // The session is over.
  caf::reacts_to<door_left>,
  // Its own: the time of a question is over.
  caf::reacts_to<atom::due, uint64_t>>;

/// DOOR: owns the server and a peer per session.
using door_actor = roster_watcher_actor::extend<
  // From the server's thread.
  caf::reacts_to<door_entered>, caf::reacts_to<door_answered>, caf::reacts_to<door_written>,
  caf::reacts_to<door_left>,
  // How it stands.
  caf::replies_to<atom::view>::with<door_view>>;

} // namespace sluice

CAF_BEGIN_TYPE_ID_BLOCK(sluice_door, 900)

  CAF_ADD_TYPE_ID(sluice_door, (sluice::door_entered))
  CAF_ADD_TYPE_ID(sluice_door, (sluice::door_answered))
  CAF_ADD_TYPE_ID(sluice_door, (sluice::door_written))
  CAF_ADD_TYPE_ID(sluice_door, (sluice::door_left))
  CAF_ADD_TYPE_ID(sluice_door, (sluice::door_view))
  CAF_ADD_TYPE_ID(sluice_door, (sluice::peer_actor))
  CAF_ADD_TYPE_ID(sluice_door, (sluice::door_actor))

CAF_END_TYPE_ID_BLOCK(sluice_door)

EXTERN_INSTANTIATE(sluice::door_answered)
EXTERN_INSTANTIATE(sluice::door_view)
