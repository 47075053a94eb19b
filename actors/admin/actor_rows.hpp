/// The tree of actors as an operator sees it, read from the actors' statistics: no actor is asked,
/// nothing waits.
#pragma once

#include "actors/observed/actor_stats.hpp"
#include "rules/fields.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// Units are in the names; what has none is a count from 0. `busy_percent` is from 0 to 100; times
/// of messages are upper bounds of their buckets (time_share_us). Errors: none.
struct actor_row {
  std::string path;   // node/admin/disk_reader
  uint32_t depth = 0; // of the node: 0
  std::string kind;   // "job"; empty for an actor without statistics
  std::string state;  // running, restarting, abandoned, ended
  uint32_t restarts = 0;
  std::string last_error;
  uint64_t mailbox = 0;
  uint64_t handled = 0;      // by all incarnations in this place
  double messages_per_s = 0; // since the last look that is at least half a second old
  double age_s = 0;          // of this incarnation
  uint64_t in_hand_ms = 0;
  double busy_percent = 0; // of this incarnation, estimated
  double p50_us = 0;       // of a message: less than this
  double p99_us = 0;
  uint64_t slow = 0; // messages, or batches, of 8 ms or more
  uint64_t longest_ms = 0;
  uint64_t unhandled = 0;
  uint64_t dead_letters = 0;
  bool traced = false;
  SLUICE_FIELDS(path, depth, kind, state, restarts, last_error, mailbox, handled, messages_per_s,
                age_s, in_hand_ms, busy_percent, p50_us, p99_us, slow, longest_ms, unhandled,
                dead_letters, traced)
};

/// Remembers the last looks, for rates between looks.
class rate_memory {
public:
  /// Moments of a clock that only goes forward.
  using time = std::chrono::steady_clock::time_point;

  /// A look begins; what was seen long ago and not since is forgotten. `now` must not go back.
  void look(time now);
  /// Messages per second of this place; over its lifetime when it is seen for the first time. From
  /// 0; `messages`: handled so far, only rising; `age_s`: seconds, from 0. Errors: none.
  double rate(const actor_slot* place, uint64_t messages, double age_s);

private:
  struct seen {
    time at;
    uint64_t messages = 0;
  };
  struct memory {
    seen older, newer; // `older` is half a second old at least, if anything is
    bool known = false;
  };
  std::map<const actor_slot*, memory> places_;
  time now_;
};

/// Parents before their children, children in the order in which they were spawned. `rates` knows
/// the time.
std::vector<actor_row> rows_of(const std::shared_ptr<actor_slot>& root, rate_memory& rates);

/// By "mailbox", "rate", "time" or "restarts", the most first; by "name" as the tree.
void sort_rows(std::vector<actor_row>& rows, std::string_view order);

/// The place at a path that begins with the root's own name; of two of one name the one that runs.
/// Null when there is none.
std::shared_ptr<actor_slot> slot_at(const std::shared_ptr<actor_slot>& root, std::string_view path);

/// The nearest path to one that is not there; "" when none is near.
std::string nearest_path(const std::shared_ptr<actor_slot>& root, std::string_view path);

/// One place of messages that reached nobody. Counts from 0, over all incarnations. Errors: none.
struct lost_message_row {
  std::string path;
  uint64_t dead_letters = 0;
  std::string last_dead_letter; // its types
  uint64_t unhandled = 0;
  std::string last_unhandled;
  SLUICE_FIELDS(path, dead_letters, last_dead_letter, unhandled, last_unhandled)
};

/// Also of children that have ended.
std::vector<lost_message_row> lost_messages(const std::shared_ptr<actor_slot>& root);

/// Path of an actor's number, "" when it is not in the tree. `actor_id`: CAF's number. Errors:
/// none.
std::string path_of_actor(const std::shared_ptr<actor_slot>& root, uint64_t actor_id);

/// Less than so many microseconds took the given share of the messages; 0 when there were none.
/// `share`: above 0 up to 1. In microseconds, the upper end of the bucket that it lies in.
double time_share_us(const actor_counts& counts, double share);

} // namespace sluice
