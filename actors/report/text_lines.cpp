#include "actors/report/text_lines.hpp"

#include "actors/report/line.hpp"
#include "actors/report/weights_text.hpp"
#include "io/text/numbers.hpp"

namespace sluice::report {

namespace {

std::string weights_line(const publish_record& record, const weight_parts& parts, uint64_t block) {
  line out{"weights"};
  out.add("epoch", record.epoch.value)
    .add("block", block)
    .add("status", std::string{name_of(record.status)});
  std::string row;
  for (const auto& [uid, percent] : shares_of(record.row))
    row += (row.empty() ? "" : ",") + std::to_string(uid) + ':' + fixed(percent, 1) + '%';
  out.add_text("row", row);
  if (record.status == publish_status::confirmed)
    out.add("read_back", read_back_text(record)).add("read_back_block", record.read_back_block);
  out.add_text("reason", record.reason);
  if (const auto made_of = parts_text(parts); !made_of.empty())
    out.add_text("mechanisms", made_of);
  return out.end();
}

} // namespace

std::string start_lines(const run_memory& memory) {
  const auto& first = memory.started();
  line out{"start"};
  out.add_text("title", first.title).add("laps_done", first.steps_done);
  for (const auto& [name, part] : memory.parts())
    part->add_to_start_line(out);
  auto text = out.add("miners", first.labels.size()).add_text("data", first.data).end();
  for (const auto& [name, part] : memory.parts())
    text += part->start_lines();
  for (const auto& [what, where] : first.serves)
    text += line{"serves"}.add("what", what).add("at", where).end();
  return text;
}

std::string step_done_lines(const step_done& step, const run_memory& memory) {
  std::string text;
  memory.for_each_step(step, [&text](const mechanism_report& part, const step_report& x) {
    text += part.step_lines(x);
  });
  if (memory.new_weights())
    text += weights_line(*step.published, step.parts, step.chain.block);
  return text;
}

std::string over_lines(const run_over& last, const run_memory& memory) {
  std::string text;
  for (const auto& [name, part] : memory.parts())
    text += part->summary_lines();
  return text
         + line{"over"}
             .add("code", std::to_string(last.code))
             .add("laps", last.steps)
             .add_text("why", last.why)
             .add_text("data", memory.started().data)
             .end();
}

} // namespace sluice::report
