#include "tools/audit_text.hpp"

#include "tools/exit_code.hpp"
#include "tools/print.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>

namespace sluice::tools {

int cannot_audit(const fault& why) {
  print_shown(stderr, "sluice: %s\n", why.what.c_str());
  if (why.code == ec::refused || why.code == ec::no_such_key || why.code == ec::bad_input)
    return usage;
  return environment;
}

int show_findings(const std::vector<audit_finding>& found, const std::string& output, bool one) {
  uint64_t checked = 0, differ = 0;
  size_t audited = 0;
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const auto& x : found) {
    checked += x.checked;
    differ += x.difference.empty() ? 0 : 1;
    audited += x.note.empty() ? 1 : 0;
    const auto& why = x.difference.empty() ? x.note : x.difference;
    const auto verdict = why.empty() ? std::string{"same"} : why;
    if (output == "json") {
      rows.push_back({{"what", x.what},
                      {"same", x.difference.empty()},
                      {"difference", x.difference},
                      {"checked", x.checked}});
      if (!x.note.empty())
        rows.back()["note"] = x.note;
    } else if (one)
      print_shown(stdout, "%s\n", verdict.c_str());
    else
      print_shown(stdout, "%s: %s\n", x.what.c_str(), verdict.c_str());
  }
  if (output == "json")
    write_data(stdout, (one ? rows.front() : rows).dump(2) + '\n');
  else if (!one)
    print_shown(stdout, "%zu audited, %llu differ; %llu numbers compared\n", audited,
                static_cast<unsigned long long>(differ), static_cast<unsigned long long>(checked));
  return differ == 0 ? done : answer_is_no;
}

} // namespace sluice::tools
