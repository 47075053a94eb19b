/// How an actor publishes events: never blocked by them, and never with more of them under way than
/// it may.
#pragma once

#include "messages/events.hpp"

#include <caf/duration.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace sluice {

/// A member of a publisher. Without an event manager (a null handle) it does nothing. What the
/// event manager has no space for is its count `refused`; what is not sent because too much is
/// under way is reported with the next one (`missed`).
template <class Self>
class event_outlet {
public:
  static constexpr size_t open_max = 256; // events under way, per publisher; a count

  /// `source`: the publisher's name for people.
  event_outlet(Self* self, std::string source) : self_(self), source_(std::move(source)) {}

  /// From now on; null: nobody.
  void to(event_manager_actor events) { events_ = std::move(events); }

  /// `time_ms`: milliseconds since 1970-01-01 UTC; 0: the event manager's now.
  template <has_fields T>
  void publish(event_topic<T> topic, T data, uint64_t time_ms = 0) {
    if (!events_)
      return;
    if (*open_ >= open_max) {
      ++missed_;
      return;
    }
    ++*open_;
    const auto answered = [open = open_] { --*open; };
    self_
      ->request(events_, caf::infinite,
                publish_event{make_event(topic, std::move(data), source_, time_ms), false,
                              std::exchange(missed_, uint64_t{0})})
      .then([answered](uint64_t) { answered(); }, [answered](const caf::error&) { answered(); });
  }

private:
  Self* self_;
  std::string source_;
  event_manager_actor events_;
  std::shared_ptr<size_t> open_ = std::make_shared<size_t>(0);
  uint64_t missed_ = 0;
};

} // namespace sluice
