/// The only actor a peer has a handle of: lets greetings and proven frames through, nothing else.
///
/// It stands below CAF's own handling of messages: what CAF would handle by itself in an ordinary
/// actor, and requests of other kinds, end here, in the thread that read it.
#pragma once

#include "messages/fleet.hpp"

#include <caf/actor.hpp>
#include <caf/monitorable_actor.hpp>

#include <functional>
#include <map>
#include <memory>
#include <mutex>

namespace sluice {

/// How much of a peer's a side takes before it has handled the earlier. Counts of messages and
/// their bytes, inclusive, from 1. Greetings beyond them are dropped; a frame beyond them is an
/// offence. Not checked here.
struct guard_bounds {
  size_t greetings = 64; // hellos and greetings on their way to the greeter
  size_t greeting_bytes = 64 * 1024;
  size_t frames = 64; // per session, unhandled
  size_t frame_bytes = size_t{64} << 20;
};

/// One session of a guard.
struct guard_lane {
  fleet_bytes key{}; // of the frames that come in
  caf::actor owner;  // receives fleet_frame, and fleet_offence at the end
  std::function<bool(frame_kind)> may;
};

class fleet_guard : public caf::monitorable_actor {
public:
  using caf::abstract_actor::enqueue;

  explicit fleet_guard(caf::actor_config& config) : caf::monitorable_actor(config) {}

  /// From here on this side receives the session's frames. Nothing when it is open already.
  /// `session`: never 0.
  void open(uint64_t session, guard_lane lane);
  /// Nothing for a session that is not open.
  void close(uint64_t session);
  /// False for every other number.
  bool is_open(uint64_t session);

  /// The owner is through with one frame. Nothing for a session that is not open, or when none is
  /// unhandled.
  void handled(uint64_t session);

  /// The greeter is through with one greeting.
  void greeted();

  /// Lets nothing through any more and forgets everybody.
  void retire();

  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit* host) override;
  const char* name() const override { return "guard"; }
  void on_destroy() override;

private:
  friend class guard_ref;

  struct lane {
    guard_lane terms;
    std::mutex mutex;
    uint64_t next = 1;
    size_t frames = 0;
    bool over = false;
  };

  std::shared_ptr<lane> lane_of(uint64_t session);
  void take_hello(caf::mailbox_element& what);
  void take_frame(caf::mailbox_element& what);
  void greet(caf::mailbox_element& what);
  std::string offence(lane& x, const fleet_frame& frame) const;

  std::mutex mutex_;
  caf::actor greeter_;
  std::function<bool(frame_kind)> greetings_;
  guard_bounds bounds_;
  size_t greeting_ = 0; // unhandled
  std::map<uint64_t, std::shared_ptr<lane>> lanes_;
};

/// Owns a guard, which is reference-counted like every actor.
class guard_ref {
public:
  guard_ref() = default;

  /// `greeter` receives greetings of these kinds; who receives proofs receives fleet_hello before.
  static guard_ref make(caf::actor_system& system, caf::actor greeter,
                        std::function<bool(frame_kind)> greetings, guard_bounds bounds = {});

  const caf::strong_actor_ptr& handle() const { return actor_; }
  fleet_guard* operator->() const;
  explicit operator bool() const { return static_cast<bool>(actor_); }

private:
  caf::strong_actor_ptr actor_;
};

} // namespace sluice
