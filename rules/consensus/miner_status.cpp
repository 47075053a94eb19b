#include "rules/consensus/miner_status.hpp"

#include "rules/consensus/status_field.hpp"
#include "rules/json_text.hpp"

#include <algorithm>

namespace sluice {

std::vector<std::pair<std::string, std::string>> fields_of(const miner_status& x) {
  std::vector<std::pair<std::string, std::string>> all;
  for (size_t i = 0; i < status_fields; ++i) {
    auto json = json_of_field(x, static_cast<status_field>(i));
    if (!json.empty())
      all.emplace_back(status_field_names[i], std::move(json));
  }
  for (const auto& y : x.extra)
    all.emplace_back(y.name, y.json);
  std::sort(all.begin(), all.end());
  return all;
}

std::string status_json(const miner_status& x) {
  json_object all;
  for (const auto& [name, json] : fields_of(x))
    all.raw(name, json);
  return all.text();
}

} // namespace sluice
