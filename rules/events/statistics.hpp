/// What an event manager counts, and the running mean of how long things take.
#pragma once

#include "rules/events/event.hpp"
#include "rules/fields.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace sluice {

/// The first sample sets it, every later one counts a tenth: mean * 0.9 + sample * 0.1. Source:
/// facts/mechanisms D3.13. Any unit. No error.
struct running_mean {
  double value = 0;
  uint64_t samples = 0;
  SLUICE_FIELDS(value, samples)
  bool operator==(const running_mean&) const = default;

  void add(double sample);
};

/// The running mean of all of these, in their order; 0 of none. Any unit. No error.
double avg_processing_time(std::span<const double> samples);

/// What happened to the events of one topic. Counts from 0. `published` = `processed` + what waits
/// or is in hand + `dropped`.
struct topic_statistics {
  uint64_t published = 0;   // taken into the queue
  uint64_t processed = 0;   // every subscriber has answered, failed, or is given up
  uint64_t errors = 0;      // failures of subscribers
  uint64_t refused = 0;     // there was no space, or the data was of another type
  uint64_t dropped = 0;     // were in the queue at the deadline of the drain
  uint64_t queued = 0;      // now, the one in hand included
  uint64_t subscribers = 0; // now
  running_mean processing_ms;
  SLUICE_FIELDS(published, processed, errors, refused, dropped, queued, subscribers, processing_ms)
  bool operator==(const topic_statistics&) const = default;
};

/// A subscriber failed with an event.
struct event_failure {
  uint64_t number = 0; // of the event
  std::string type;
  std::string subscriber;
  uint64_t time_ms = 0; // milliseconds since 1970-01-01 UTC
  std::string why;
  SLUICE_FIELDS(number, type, subscriber, time_ms, why)
  bool operator==(const event_failure&) const = default;
};

/// Since the event manager began. Counts from 0.
struct event_statistics {
  uint64_t published = 0; // over all topics, as are the next ones
  uint64_t processed = 0;
  uint64_t errors = 0;
  uint64_t refused = 0;
  uint64_t missed = 0; // publishers reported that they could not even send them
  uint64_t dropped = 0;
  uint64_t queue_size = 0;                         // now
  uint64_t waiting_publishers = 0;                 // now
  uint64_t kept = 0;                               // in the history
  bool draining = false;                           // nothing more is taken
  running_mean processing_ms;                      // over all topics
  std::map<std::string, topic_statistics> by_type; // by the name of the topic
  std::vector<event_failure> recent_errors;        // the newest last, at most errors_kept
  SLUICE_FIELDS(published, processed, errors, refused, missed, dropped, queue_size,
                waiting_publishers, kept, draining, processing_ms, by_type, recent_errors)
  bool operator==(const event_statistics&) const = default;
};

/// Keeps the newest events, the oldest first. Bounded; as a value.
class event_history {
public:
  /// `size`: events that are kept, 0 to event_limits::history_max; more is taken as that.
  explicit event_history(size_t size);

  void add(event_record x);

  /// Of this type ("": of all), of a number above `after`, the newest `limit` of them, in order of
  /// number. `limit`: a count; more than event_limits::listed_max is taken as that.
  std::vector<event_record> find(const std::string& type, uint64_t after, size_t limit) const;

  size_t size() const { return kept_.size(); }

private:
  size_t max_;
  std::deque<event_record> kept_;
};

} // namespace sluice
