/// One place under an owner; who sits there changes with every restart.
#pragma once

#include <caf/actor_addr.hpp>

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace sluice {

class actor_card;
struct card_counts;

enum class seat_state : uint8_t {
  running = 0,
  restarting, // fallen or asked to restart, not back yet
  abandoned,  // fell too often
  ended,      // has done its work, or went with its owner
};

std::string_view word(seat_state x);

/// What a reader sees of a seat at one moment.
struct seat_view {
  std::string name;
  seat_state state = seat_state::running;
  uint32_t restarts = 0;
  std::string last_error;
  std::shared_ptr<actor_card> card; // of this life or the last; null: a child without one
  caf::actor_addr address;          // null when nobody is there
};

/// Written by the owner, read by anybody.
class card_seat {
public:
  explicit card_seat(std::string name);

  // -- readers
  seat_view look() const;
  /// Of all lives in this place.
  card_counts counts() const;

  // -- the owner
  void taken(std::shared_ptr<actor_card> card, caf::actor_addr address);
  void empty(seat_state why, const std::string& last_error);
  void restarted();

private:
  mutable std::mutex mutex_;
  seat_view now_;
  std::shared_ptr<actor_card> before_;       // the life before: late messages still reach it
  std::unique_ptr<card_counts> long_before_; // all earlier lives
};

} // namespace sluice
