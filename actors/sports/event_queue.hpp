/// How an actor of the sports mechanism publishes events: all of them, in order, without waiting.
#pragma once

#include "messages/events.hpp"

#include <caf/duration.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>

namespace sluice {

/// A member of a publisher. A batch of predictions is more events at once than the queue of a topic
/// may have space for: they wait here, and a bounded number is under way. Beyond the bound they are
/// counted as missed. Without an event manager (a null handle) it does nothing.
template <class Self>
class sports_event_queue {
public:
  static constexpr size_t waiting_max = 20'000;
  static constexpr size_t open_max = 128;

  /// `source`: the publisher's name for people.
  sports_event_queue(Self self, std::string source) : self_(self), source_(std::move(source)) {}

  /// From now on; null: nobody.
  void to(event_manager_actor events) { events_ = std::move(events); }

  /// `time_ms`: milliseconds since 1970-01-01 UTC.
  template <has_fields T>
  void publish(event_topic<T> topic, T data, uint64_t time_ms) {
    if (!events_)
      return;
    if (waiting_.size() >= waiting_max) {
      ++missed_;
      return;
    }
    waiting_.push_back(make_event(topic, std::move(data), source_, time_ms));
    send_next();
  }

private:
  void send_next() {
    while (open_ < open_max && !waiting_.empty()) {
      ++open_;
      auto next = std::move(waiting_.front());
      waiting_.pop_front();
      self_
        ->request(events_, caf::infinite,
                  publish_event{std::move(next), true, std::exchange(missed_, uint64_t{0})})
        .then([this](uint64_t) { answered(); }, [this](const caf::error&) { answered(); });
    }
  }

  void answered() {
    --open_;
    send_next();
  }

  Self self_;
  std::string source_;
  event_manager_actor events_;
  std::deque<event_record> waiting_;
  size_t open_ = 0;
  uint64_t missed_ = 0;
};

/// Milliseconds of microseconds; below 0: 0. No error.
constexpr uint64_t ms_of_us(int64_t us) {
  return us < 0 ? 0 : static_cast<uint64_t>(us / 1000);
}

} // namespace sluice
