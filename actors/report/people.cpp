#include "actors/report/people.hpp"

#include "actors/report/weights_text.hpp"
#include "io/text/paint.hpp"
#include "io/text/text.hpp"

#include <algorithm>
#include <map>

namespace sluice::report {

namespace {

/// "1 step", "12 steps".
std::string counted(uint64_t n, const std::string& what) {
  return n == 1 ? "1 " + what : std::to_string(n) + ' ' + what + 's';
}

/// "2 narrow, 1 wide" by name; "" without labels.
std::string company(const std::map<std::string, std::string>& labels) {
  std::map<std::string, size_t> count;
  for (const auto& [key, strategy] : labels)
    ++count[plain(strategy)];
  std::string text;
  for (const auto& [name, n] : count)
    text += (text.empty() ? "" : ", ") + (n == 1 ? "" : std::to_string(n) + " ") + name;
  return text;
}

std::string fact(std::string_view name, const std::string& text, const page& on) {
  constexpr size_t name_width = 9;
  return paint(pad_right(name, std::min(name_width, on.columns), on.letters), tone::faint, on.color)
         + cut(shown(text, on.letters), on.columns > name_width ? on.columns - name_width : 0,
               on.letters)
         + '\n';
}

std::optional<miner_uid> burn_of(const run_memory& memory) {
  return memory.is_miner({0}) ? std::nullopt : std::optional{miner_uid{0}};
}

} // namespace

std::string draw_start(const run_memory& memory, const page& on) {
  const auto& first = memory.started();
  auto text = paint(cut(shown(plain(first.title.empty() ? "sluice" : first.title), on.letters),
                        on.columns, on.letters),
                    tone::strong, on.color)
              + '\n';
  for (const auto& [name, part] : memory.parts())
    for (const auto& [what, value] : part->facts())
      text += fact(what, plain(value), on);
  if (!first.labels.empty())
    text += fact("miners", company(first.labels), on);
  if (!first.data.empty())
    text += fact("state", plain(first.data), on);
  for (const auto& [what, where] : first.serves)
    text += fact(what == "miner_gateway" ? "gateway" : what, plain(where), on);
  if (first.steps_done != 0)
    text
      += fact("before", counted(first.steps_done, "step") + " done by earlier runs; going on", on);
  return text + '\n';
}

std::string draw_weights(const publish_record& record, uint64_t block, const run_memory& memory,
                         const page& on) {
  std::vector<std::string> parts{"weights", "epoch " + std::to_string(record.epoch.value),
                                 "block " + std::to_string(block)};
  if (record.status != publish_status::skipped)
    parts.push_back(share_text(record.row, burn_of(memory)));
  parts.push_back(fate_text(record));
  const bool fine = record.status == publish_status::confirmed && record.read_back == record.row;
  const auto how = fine                                       ? tone::normal
                   : record.status == publish_status::skipped ? tone::faint
                                                              : tone::alarm;
  return paint(flow(parts, on.columns, on.letters), how, on.color) + '\n';
}

std::string draw_step_done(const step_done& step, const run_memory& memory, const page& on) {
  std::string text;
  memory.for_each_step(step, [&](const mechanism_report& part, const step_report& x) {
    text += part.draw_step(x, on);
  });
  if (memory.new_weights()) {
    text += draw_weights(*step.published, step.chain.block, memory, on);
    if (const auto made_of = parts_text(step.parts); !made_of.empty())
      text += paint(flow({"         " + made_of}, on.columns, on.letters), tone::faint, on.color)
              + '\n';
    text += '\n';
  }
  return text;
}

std::string draw_over(const run_over& last, const run_memory& memory, const page& on) {
  auto text = "done: " + counted(last.steps, "step") + " in this run";
  if (last.code != 0)
    text = "ended with code " + std::to_string(last.code) + " after " + counted(last.steps, "step");
  if (!last.why.empty())
    text += "; " + plain(last.why);
  text = paint(flow({text}, on.columns, on.letters), last.code == 0 ? tone::strong : tone::alarm,
               on.color)
         + "\n\n";
  for (const auto& [name, part] : memory.parts())
    text += part->draw_summary(on);
  if (const auto& record = memory.published())
    text += draw_weights(*record, record->included_block, memory, on) + '\n';
  const auto& first = memory.started();
  if (!first.data.empty())
    text += "state     " + plain(first.data) + '\n';
  if (!first.again.empty()) {
    text += "continue ";
    for (const auto& argument : first.again)
      text += ' ' + shell_argument(plain(argument), on.letters);
    text += '\n';
  }
  return text;
}

} // namespace sluice::report
