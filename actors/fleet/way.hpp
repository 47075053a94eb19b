/// One end of an admitted session: what is said here is numbered and proved, what was heard is
/// acknowledged to the guard.
#pragma once

#include "actors/fleet/guard.hpp"

namespace sluice {

/// Belongs to one actor; closes the session when it goes.
class fleet_way {
public:
  /// `face` is the other side's, `key` of the frames that go out.
  fleet_way(uint64_t session, caf::strong_actor_ptr face, fleet_bytes key, guard_ref guard);
  fleet_way(const fleet_way&) = delete;
  fleet_way& operator=(const fleet_way&) = delete;
  ~fleet_way();

  void say(frame_kind kind, std::string bytes);

  /// Called once per frame that was heard and dealt with: the other side may send another.
  void handled();

  /// Nothing is heard any more.
  void close();

  uint64_t session() const { return session_; }
  const caf::strong_actor_ptr& face() const { return face_; }
  uint64_t said() const { return number_; }

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
  explicit handled_frame(fleet_way& way) : way_(way) {}
  handled_frame(const handled_frame&) = delete;
  handled_frame& operator=(const handled_frame&) = delete;
  ~handled_frame() { way_.handled(); }

private:
  fleet_way& way_;
};

} // namespace sluice
