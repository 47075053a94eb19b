/// One end of an admitted session: what is sent here is numbered and proved, what was received is
/// acknowledged to the guard.
#pragma once

#include "actors/fleet/guard.hpp"

namespace sluice {

/// Belongs to one actor; closes the session when it goes.
class session_handle {
public:
  /// `face` is the other side's, `key` of the frames that go out. `session`: of the guard's, never
  /// 0. Not checked.
  session_handle(uint64_t session, caf::strong_actor_ptr face, fleet_bytes key, guard_ref guard);
  session_handle(const session_handle&) = delete;
  session_handle& operator=(const session_handle&) = delete;
  ~session_handle();

  void send(frame_kind kind, std::string bytes);

  /// Called once per frame that was received and dealt with: the other side may send another.
  void handled();

  /// Nothing is received any more.
  void close();

  /// Never 0. Errors: none.
  uint64_t session() const { return session_; }
  const caf::strong_actor_ptr& face() const { return face_; }
  /// Frames so far, from 0: the number of the last one. Errors: none.
  uint64_t sent() const { return number_; }

private:
  uint64_t session_;
  caf::strong_actor_ptr face_;
  fleet_bytes key_;
  guard_ref guard_;
  uint64_t number_ = 0;
};

/// Acknowledges a frame at the end of its handler, however that ends.
class handled_frame {
public:
  explicit handled_frame(session_handle& handle) : handle_(handle) {}
  handled_frame(const handled_frame&) = delete;
  handled_frame& operator=(const handled_frame&) = delete;
  ~handled_frame() { handle_.handled(); }

private:
  session_handle& handle_;
};

} // namespace sluice
