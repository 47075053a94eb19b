/// The queues of an event manager, one per topic, with what it counts and keeps; as a value.
#pragma once

#include "rules/events/event.hpp"
#include "rules/events/statistics.hpp"
#include "rules/result.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <typeinfo>

namespace sluice {

/// Every topic has a queue of its own, and one event in hand at most: the next one begins when that
/// is at its end.
class event_book {
public:
  /// `queue_max`: events of one topic, the one in hand included, from 1; `history` as of
  /// event_history. Counts; not checked.
  event_book(size_t queue_max, size_t history);

  /// Is there no space for another event of this topic? No error.
  bool full(const std::string& type) const;

  /// Takes an event behind the others of its topic, and answers its number, from 1. `now_ms`:
  /// milliseconds since 1970-01-01 UTC, of an event without a time. Nothing is taken with
  /// ec::bad_input: no topic's name, no data, or data of another type than the topic has;
  /// ec::busy: its queue is full; ec::out_of_range: too many topics. Each is counted as refused.
  result<uint64_t> take(event_record x, uint64_t now_ms);

  /// The next event of this topic is in hand from now on; none: there is none, or one is in hand.
  std::optional<event_record> begin(const std::string& type);

  /// A subscriber failed with an event.
  void failed(event_failure x);

  /// The event in hand is at its end. `took_ms`: milliseconds, from 0. No error.
  void end(const std::string& type, double took_ms);

  /// An event was not even offered, because there was no space or it is too late.
  void refuse(const std::string& type);
  /// Publishers could not send so many. A count.
  void miss(uint64_t events) { totals_.missed += events; }

  /// Everything that waits or is in hand is given up; how many, from 0. No error.
  uint64_t drop();

  /// Waiting or in hand, over all topics. A count from 0; no error.
  uint64_t queued() const { return queued_; }

  const event_history& history() const { return history_; }

  /// Without the numbers of subscribers and publishers.
  event_statistics statistics() const;

private:
  struct topic {
    std::deque<event_record> queue; // the one in hand in front
    bool in_hand = false;
    const std::type_info* type = nullptr;
    topic_statistics counts;
  };

  fault refused(topic* where, ec code, std::string why);

  size_t queue_max_;
  event_history history_;
  std::map<std::string, topic> topics_;
  event_statistics totals_;
  uint64_t queued_ = 0;
  uint64_t last_ = 0;
};

} // namespace sluice
