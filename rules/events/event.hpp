/// An event: what happened, where and when, with data of the type that its topic states.
#pragma once

#include "rules/fields.hpp"
#include "rules/json_text.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <typeinfo>
#include <utility>
#include <vector>

namespace sluice::event_limits {

/// All are the highest that is allowed, and count, but for names with bytes and ms (milliseconds).
inline constexpr size_t topics_max = 256;
inline constexpr size_t subscribers_max = 256; // of one event manager
inline constexpr size_t waiting_max = 1000;    // publishers that wait for space in a queue
inline constexpr size_t name_bytes_max = 64;   // of a topic, of a source, of a subscriber
inline constexpr size_t history_max = 1000;    // events that are kept
inline constexpr size_t listed_max = 1000;     // events in one answer
inline constexpr size_t errors_kept = 10;      // the newest
inline constexpr uint64_t drain_ms_max = 60'000;

} // namespace sluice::event_limits

namespace sluice {

/// The name of a kind of event and the type of its data; declared once, as a constant, beside T.
template <has_fields T>
struct event_topic {
  std::string_view name; // [a-z0-9_], 1 to name_bytes_max
};

/// Data of an event: a value that never changes and is shared, whatever its type.
class event_data {
public:
  event_data() = default;

  template <has_fields T>
  static event_data of(T x) {
    event_data made;
    made.value_ = std::make_shared<const holder<T>>(std::move(x));
    return made;
  }

  /// The value, or null when it is of another type.
  template <class T>
  const T* as() const {
    const auto* x = dynamic_cast<const holder<T>*>(value_.get());
    return x == nullptr ? nullptr : &x->value;
  }

  /// As an object of JSON with the names of the fields; "null" without data.
  std::string json() const { return value_ ? value_->json() : "null"; }

  /// What distinguishes the types of data in one program; null without data.
  const std::type_info* type() const { return value_ ? &value_->type() : nullptr; }

private:
  struct any_value {
    virtual ~any_value() = default;
    virtual std::string json() const = 0;
    virtual const std::type_info& type() const = 0;
  };
  template <class T>
  struct holder final : any_value {
    explicit holder(T x) : value(std::move(x)) {}
    std::string json() const override { return json_of(value); }
    const std::type_info& type() const override { return typeid(T); }
    T value;
  };

  std::shared_ptr<const any_value> value_;
};

/// One event.
struct event_record {
  uint64_t number = 0;  // from 1, in the order of publishing; 0: not published yet
  std::string type;     // the name of its topic
  std::string source;   // who published it: an actor's path or name
  uint64_t time_ms = 0; // milliseconds since 1970-01-01 UTC; 0: the event manager puts its own
  event_data data;
};

/// An event to be published. `time_ms`: 0 is the moment at which it is taken.
template <has_fields T>
event_record make_event(event_topic<T> topic, T data, std::string source, uint64_t time_ms = 0) {
  return {0, std::string{topic.name}, std::move(source), time_ms, event_data::of(std::move(data))};
}

/// The data of an event of this topic; null: it is of another topic, or of another type.
template <has_fields T>
const T* data_of(const event_record& x, event_topic<T> topic) {
  return x.type == topic.name ? x.data.as<T>() : nullptr;
}

/// {"number":,"type":,"source":,"time_ms":,"data":{}}
std::string json_of_event(const event_record& x);

/// A list of such objects, the newest of them that fit in some `bytes_max`, at least one; in their
/// order. A count of bytes; no error.
std::string json_of_events(const std::vector<event_record>& all, size_t bytes_max);

/// Is it the name of a topic: 1 to name_bytes_max of a to z, 0 to 9, _?
bool is_topic_name(std::string_view x);

} // namespace sluice
