#include "tools/audit_text.hpp"

#include "tools/exit_code.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>

namespace sluice::tools {

int cannot_audit(const fault& why) {
  std::fprintf(stderr, "sluice: %s\n", why.what.c_str());
  if (why.code == ec::refused || why.code == ec::no_such_key || why.code == ec::bad_input)
    return usage;
  return environment;
}

int show_findings(const std::vector<audit_finding>& found, const std::string& output, bool one) {
  uint64_t checked = 0, differ = 0;
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const auto& x : found) {
    checked += x.checked;
    differ += x.difference.empty() ? 0 : 1;
    const auto verdict = x.difference.empty() ? std::string{"same"} : x.difference;
    if (output == "json")
      rows.push_back({{"what", x.what},
                      {"same", x.difference.empty()},
                      {"difference", x.difference},
                      {"checked", x.checked}});
    else if (one)
      std::printf("%s\n", verdict.c_str());
    else
      std::printf("%s: %s\n", x.what.c_str(), verdict.c_str());
  }
  if (output == "json")
    std::printf("%s\n", (one ? rows.front() : rows).dump(2).c_str());
  else if (!one)
    std::printf("%zu audited, %llu differ; %llu numbers compared\n", found.size(),
                static_cast<unsigned long long>(differ), static_cast<unsigned long long>(checked));
  return differ == 0 ? done : answer_is_no;
}

} // namespace sluice::tools
