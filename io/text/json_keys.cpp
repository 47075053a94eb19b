#include "io/text/json_keys.hpp"

#include <set>
#include <vector>

namespace sluice::io {

json parse_keys_once(std::string_view text, std::optional<std::string>& twice) {
  std::vector<std::set<std::string>> seen;
  const auto watch = [&](int, json::parse_event_t event, json& value) {
    if (event == json::parse_event_t::object_start)
      seen.emplace_back();
    else if (event == json::parse_event_t::object_end)
      seen.pop_back();
    else if (event == json::parse_event_t::key && !twice
             && !seen.back().insert(value.get_ref<const std::string&>()).second)
      twice = value.get<std::string>();
    return true;
  };
  return json::parse(text, watch);
}

} // namespace sluice::io
