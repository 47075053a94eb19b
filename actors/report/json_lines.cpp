#include "actors/report/json_lines.hpp"

#include "actors/report/json_event.hpp"
#include "actors/report/weights_text.hpp"

#include <nlohmann/json.hpp>

namespace sluice::report {

namespace {

json row_of(const weight_row& row) {
  auto out = json::array();
  for (const auto& [uid, value] : row)
    out.push_back({{"uid", uid}, {"weight", value}});
  return out;
}

json published_of(const publish_record& x) {
  json out;
  out["epoch"] = x.epoch.value;
  out["status"] = name_of(x.status);
  out["row"] = row_of(x.row);
  out["hash"] = x.hash;
  out["included_block"] = x.included_block;
  out["read_back"] = row_of(x.read_back);
  out["read_back_block"] = x.read_back_block;
  out["same"] = read_back_text(x) == "same";
  out["reason"] = x.reason;
  return out;
}

json parts_of(const weight_parts& parts) {
  auto out = json::array();
  for (const auto& x : parts)
    out.push_back({{"mechanism", x.mechanism},
                   {"share", x.share},
                   {"state", name_of(x.state)},
                   {"age", x.age},
                   {"uids", x.uids},
                   {"why", x.why}});
  return out;
}

} // namespace

std::string start_json(const run_memory& memory, const json_extras& extras) {
  const auto& first = memory.started();
  auto out = json_event("start", extras);
  out["title"] = first.title;
  if (extras.data)
    out["data"] = first.data;
  out["laps_done"] = first.steps_done;
  for (const auto& [name, part] : memory.parts())
    part->add_to_start(out);
  out["miners"] = json::array();
  for (const auto& [key, strategy] : first.labels)
    out["miners"].push_back({{"hotkey", key}, {"strategy", strategy}});
  if (!first.serves.empty())
    out["serves"] = first.serves;
  return json_line(out);
}

std::string
step_done_json(const step_done& step, const run_memory& memory, const json_extras& extras) {
  std::string text;
  memory.for_each_step(step, [&](const mechanism_report& part, const step_report& x) {
    text += part.step_json(step.number, x, extras);
  });
  if (memory.new_weights()) {
    auto out = json_event("weights", extras);
    out["lap"] = step.number;
    out["block"] = step.chain.block;
    out.update(published_of(*step.published));
    if (step.parts.size() > 1)
      out["mechanisms"] = parts_of(step.parts);
    text += json_line(out);
  }
  return text;
}

std::string over_json(const run_over& last, const run_memory& memory, const json_extras& extras) {
  auto out = json_event("over", extras);
  out["code"] = last.code;
  out["why"] = last.why;
  out["laps"] = last.steps;
  if (extras.data)
    out["data"] = memory.started().data;
  for (const auto& [name, part] : memory.parts())
    part->add_to_summary(out);
  const auto& published = memory.published();
  out["weights"] = published ? published_of(*published) : json(nullptr);
  return json_line(out);
}

} // namespace sluice::report
