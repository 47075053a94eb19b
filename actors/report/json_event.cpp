#include "actors/report/json_event.hpp"

#include <nlohmann/json.hpp>

namespace sluice::report {

json json_event(std::string_view name, const json_extras& extras) {
  json out;
  if (extras.time)
    out["time"] = *extras.time;
  out["event"] = name;
  return out;
}

std::string json_line(const json& x) {
  return x.dump(-1, ' ', false, json::error_handler_t::replace) + '\n';
}

} // namespace sluice::report
