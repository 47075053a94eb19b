#include "rules/events/event.hpp"

#include <algorithm>

namespace sluice {

std::string json_of_event(const event_record& x) {
  return json_object{}
    .add("number", x.number)
    .add("type", x.type)
    .add("source", x.source)
    .add("time_ms", x.time_ms)
    .raw("data", x.data.json())
    .text();
}

bool is_topic_name(std::string_view x) {
  return !x.empty() && x.size() <= event_limits::name_bytes_max
         && std::ranges::all_of(
           x, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

} // namespace sluice
