#include "actors/fleet/session_handle.hpp"

#include "net/keys/session_key.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

namespace sluice {

session_handle::session_handle(uint64_t session, caf::strong_actor_ptr face, fleet_bytes key,
                               guard_ref guard)
  : session_(session), face_(std::move(face)), key_(key), guard_(std::move(guard)) {}

session_handle::~session_handle() {
  close();
}

void session_handle::send(frame_kind kind, std::string bytes) {
  fleet_frame frame{session_, ++number_, static_cast<uint8_t>(kind), std::move(bytes), {}};
  frame.proof = net::frame_proof(key_, session_, number_, kind, frame.bytes);
  // Without a sender: CAF would make the sender known to the other side.
  caf::anon_send(caf::actor_cast<caf::actor>(face_), std::move(frame));
}

void session_handle::handled() {
  guard_->handled(session_);
}

void session_handle::close() {
  guard_->close(session_);
}

} // namespace sluice
