/// The tree of actors as an operator sees it, read from cards: nobody is asked, nobody waits.
#pragma once

#include "actors/observed/card.hpp"
#include "rules/fields.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

struct actor_row {
  std::string path;   // node/admin/disk_reader
  uint32_t depth = 0; // of the node: 0
  std::string kind;   // "job"; empty for an actor without a card
  std::string state;  // running, restarting, abandoned, ended
  uint32_t restarts = 0;
  std::string last_error;
  uint64_t mailbox = 0;
  uint64_t handled = 0;      // by all lives in this place
  double messages_per_s = 0; // since the last look that is at least half a second old
  double age_s = 0;          // of this life
  uint64_t in_hand_ms = 0;
  double busy_percent = 0; // of this life, estimated
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
  using time = std::chrono::steady_clock::time_point;

  /// A look begins; what was seen long ago and not since is forgotten.
  void look(time now);
  /// Messages per second of this place; over its life when it is seen for the first time.
  double rate(const card_seat* place, uint64_t messages, double age_s);

private:
  struct seen {
    time at;
    uint64_t messages = 0;
  };
  struct memory {
    seen older, newer; // `older` is half a second old at least, if anything is
    bool known = false;
  };
  std::map<const card_seat*, memory> places_;
  time now_;
};

/// Parents before their children, children in order of birth. `rates` has been told the time.
std::vector<actor_row> rows_of(const std::shared_ptr<card_seat>& root, rate_memory& rates);

/// By "mailbox", "rate", "time" or "restarts", the most first; by "name" as the tree.
void sort_rows(std::vector<actor_row>& rows, std::string_view order);

/// The place at a path that begins with the root's own name; of two of one name the one that runs.
/// Null when there is none.
std::shared_ptr<card_seat> seat_at(const std::shared_ptr<card_seat>& root, std::string_view path);

/// The nearest path to one that is not there; "" when none is near.
std::string nearest_path(const std::shared_ptr<card_seat>& root, std::string_view path);

/// One place of messages that reached nobody.
struct lost_mail_row {
  std::string path;
  uint64_t dead_letters = 0;
  std::string last_dead_letter; // its types
  uint64_t unhandled = 0;
  std::string last_unhandled;
  SLUICE_FIELDS(path, dead_letters, last_dead_letter, unhandled, last_unhandled)
};

/// Also of children that have ended.
std::vector<lost_mail_row> lost_mail(const std::shared_ptr<card_seat>& root);

/// Path of an actor's number, "" when it is not in the tree.
std::string path_of_actor(const std::shared_ptr<card_seat>& root, uint64_t actor_id);

/// Less than so many microseconds took the given share of the messages; 0 when there were none.
double time_share_us(const card_counts& counts, double share);

} // namespace sluice
