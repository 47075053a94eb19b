/// One place under an owner; the actor in it changes with every restart.
#pragma once

#include <caf/actor_addr.hpp>

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace sluice {

class actor_stats;
struct actor_counts;

enum class slot_state : uint8_t {
  running = 0,
  restarting, // failed or asked to restart, not back yet
  abandoned,  // failed too often
  ended,      // has done its work, or went with its owner
};

std::string_view name_of(slot_state x);

/// What a reader sees of a slot at one moment. `restarts`: from 0. Errors: none.
struct slot_view {
  std::string name;
  slot_state state = slot_state::running;
  uint32_t restarts = 0;
  std::string last_error;
  std::shared_ptr<actor_stats> stats; // of this incarnation or the last; null: a child without one
  caf::actor_addr address;            // null when nobody is there
};

/// Written by the owner, read by anybody.
class actor_slot {
public:
  explicit actor_slot(std::string name);

  // -- readers
  slot_view look() const;
  /// Of all incarnations in this place.
  actor_counts counts() const;

  // -- the owner
  void taken(std::shared_ptr<actor_stats> stats, caf::actor_addr address);
  void empty(slot_state why, const std::string& last_error);
  void restarted();

private:
  mutable std::mutex mutex_;
  slot_view now_;
  std::shared_ptr<actor_stats> before_; // the incarnation before: late messages still reach it
  std::unique_ptr<actor_counts> long_before_; // all earlier incarnations
};

} // namespace sluice
