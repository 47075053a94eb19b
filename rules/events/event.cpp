#include "rules/events/event.hpp"

#include <algorithm>
#include <utility>

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

std::string json_of_events(const std::vector<event_record>& all, size_t bytes_max) {
  std::vector<std::string> newest;
  size_t bytes = 0;
  for (auto at = all.rbegin(); at != all.rend(); ++at) {
    auto text = json_of_event(*at);
    bytes += text.size();
    if (!newest.empty() && bytes > bytes_max)
      break;
    newest.push_back(std::move(text));
  }
  json_list list;
  for (auto at = newest.rbegin(); at != newest.rend(); ++at)
    list.raw(*at);
  return list.text();
}

bool is_topic_name(std::string_view x) {
  return !x.empty() && x.size() <= event_limits::name_bytes_max
         && std::ranges::all_of(
           x, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

} // namespace sluice
