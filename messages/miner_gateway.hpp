/// What the miner gateway, and the far side of each miner that came through it, receive and send.
#pragma once

#include "messages/miner.hpp"
#include "rules/miner/codec.hpp"
#include "rules/miner_gateway/handshake.hpp"

namespace sluice {

/// The server's thread -> miner gateway: this hotkey has come in. `session` is from 1 and never
/// used again; `protocol` is 1 or 2; `uid` is from 0 to 65535. The server has checked them.
struct gateway_joined {
  uint64_t session = 0;
  hotkey key;
  miner_uid uid;
  std::string software;
  std::string from; // its network
  uint64_t protocol = gateway_protocol;
  std::vector<std::string> mechanisms{}; // that it stated; empty: any
  SLUICE_FIELDS(session, key, uid, software, from, protocol, mechanisms)
};

/// An answer to the question `id` of this session, not read yet: its peer knows by which codec.
/// `id` is from 1, counted by the peer per session; an answer to no open question changes nothing.
struct gateway_answered {
  uint64_t session = 0;
  uint64_t id = 0;
  body_text body;
  SLUICE_FIELDS(session, id, body)
};

/// The question `id` has been written: its time runs from now on. Numbers as in an answer. One that
/// nobody waits for changes nothing.
struct gateway_written {
  uint64_t session = 0;
  uint64_t id = 0;
  SLUICE_FIELDS(session, id)
};

/// The session is over; `reason` is a name of docs/wire.md. `session`: as in gateway_joined; one
/// that is over already changes nothing.
struct gateway_left {
  uint64_t session = 0;
  std::string reason;
  std::string text;
  SLUICE_FIELDS(session, reason, text)
};

/// One session, for whoever looks. `since_ms`: milliseconds since 1970-01-01 UTC by the gateway's
/// clock; the other four are counts of questions and answers of this session, from 0. Errors: none.
struct gateway_session_row {
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
  bool operator==(const gateway_session_row&) const = default;
};

/// The miner gateway, for whoever looks: counters since it began. All are counts from 0; `open` and
/// `waiting` also decrease. Errors: none.
struct gateway_view {
  std::string address;
  bool tls = false;
  uint64_t open = 0;    // connections now
  uint64_t waiting = 0; // of those, not admitted
  uint64_t accepted = 0;
  uint64_t admitted = 0;
  std::map<std::string, uint64_t> refused; // by reason; sessions that ended too
  std::vector<gateway_session_row> sessions;
  SLUICE_FIELDS(address, tls, open, waiting, accepted, admitted, refused, sessions)
  bool operator==(const gateway_view&) const = default;
};

/// PEER: the far side of one miner that came through the miner gateway.
using peer_actor = miner_actor::extend<
  // An answer came.
  caf::reacts_to<gateway_answered>,
  // A question was written.
  caf::reacts_to<gateway_written>,
  // The session is over.
  caf::reacts_to<gateway_left>,
  // Its own: the time of a question is over.
  caf::reacts_to<atom::due, uint64_t>>;

/// MINER GATEWAY: owns the server and a peer per session.
using miner_gateway_actor = roster_watcher_actor::extend<
  // From the server's thread.
  caf::reacts_to<gateway_joined>, caf::reacts_to<gateway_answered>, caf::reacts_to<gateway_written>,
  caf::reacts_to<gateway_left>,
  // How it stands.
  caf::replies_to<atom::view>::with<gateway_view>,
  // Read the certificate again.
  caf::reacts_to<atom::reload>,
  // Its own: time to look how long the certificate is good.
  caf::reacts_to<atom::due>>;

} // namespace sluice

CAF_BEGIN_TYPE_ID_BLOCK(sluice_gateway, 900)

  CAF_ADD_TYPE_ID(sluice_gateway, (sluice::gateway_joined))
  CAF_ADD_TYPE_ID(sluice_gateway, (sluice::gateway_answered))
  CAF_ADD_TYPE_ID(sluice_gateway, (sluice::gateway_written))
  CAF_ADD_TYPE_ID(sluice_gateway, (sluice::gateway_left))
  CAF_ADD_TYPE_ID(sluice_gateway, (sluice::gateway_view))
  CAF_ADD_TYPE_ID(sluice_gateway, (sluice::peer_actor))
  CAF_ADD_TYPE_ID(sluice_gateway, (sluice::miner_gateway_actor))

CAF_END_TYPE_ID_BLOCK(sluice_gateway)

EXTERN_INSTANTIATE(sluice::gateway_answered)
EXTERN_INSTANTIATE(sluice::gateway_view)
