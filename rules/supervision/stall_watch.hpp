/// Which actors have been in one message, or one commit, for longer than they may be.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

namespace sluice {

/// One actor that is in the middle of a message, as somebody saw it.
struct message_sight {
  uint64_t actor = 0;   // its number; distinguishes incarnations
  uint64_t message = 0; // its number among all that this actor has begun, and what it does in it
  std::chrono::milliseconds bound{0}; // how long that may take; 0: as long as it likes
};

/// `sight`: an index of the sights that were looked at; `lasted`: from its bound on.
struct stalled_message {
  size_t sight = 0;
  std::chrono::milliseconds lasted{0};
};

/// Is shown all messages in hand again and again. Time that passes between two looks counts for at
/// most twice the usual pause between them: where the whole process stood still (a debugger, a
/// suspended machine, a stopped container) no actor is to blame.
class stall_watch {
public:
  /// `usual`: between two looks, from 1 ms, not checked.
  explicit stall_watch(std::chrono::milliseconds usual) : usual_(usual) {}

  /// Those that have been in hand for at least their bound, in the order of `now_in_hand`, which
  /// has every actor once. `now`: of any clock that never goes back. Errors: none.
  std::vector<stalled_message>
  look(std::chrono::milliseconds now, std::span<const message_sight> now_in_hand);

private:
  struct in_hand {
    uint64_t message = 0;
    std::chrono::milliseconds lasted{0};
  };

  std::chrono::milliseconds usual_;
  std::chrono::milliseconds last_{-1};
  std::map<uint64_t, in_hand> seen_; // by the actor, those of the last look
};

} // namespace sluice
