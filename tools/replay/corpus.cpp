#include "tools/replay/corpus.hpp"

#include "tools/replay/corpus_engine.hpp"
#include "tools/replay/corpus_json.hpp"

#include <algorithm>
#include <array>

namespace sluice::tools {

namespace {

constexpr uint32_t lines_per_progress = 256;
/// What the recorder states and we do not need: costs, raw revert bytes, places in the block's log.
constexpr std::array<std::string_view, 3> not_compared{"gasUsed", "data", "logIndex"};

std::string shown_whole(const io::json& x) {
  const auto text = x.dump(-1, ' ', false, io::json::error_handler_t::replace);
  return text.size() <= 200 ? text : text.substr(0, 200) + "...";
}

/// The first place where `got` lacks or contradicts `expected`.
std::optional<replay_difference>
compare(const io::json& expected, const io::json& got, const std::string& at) {
  if (expected.is_object() && got.is_object()) {
    for (const auto& [key, value] : expected.items()) {
      if (std::find(not_compared.begin(), not_compared.end(), key) != not_compared.end())
        continue;
      const auto path = at.empty() ? key : at + "." + key;
      const auto ours = got.find(key);
      if (ours == got.end())
        return replay_difference{0, path, shown_whole(value), "nothing"};
      if (auto differs = compare(value, *ours, path))
        return differs;
    }
    return {};
  }
  if (expected.is_array() && got.is_array()) {
    for (size_t i = 0; i < std::min(expected.size(), got.size()); ++i)
      if (auto differs = compare(expected[i], got[i], at + "[" + std::to_string(i) + "]"))
        return differs;
    if (expected.size() != got.size())
      return replay_difference{0, at, std::to_string(expected.size()) + " entries",
                               std::to_string(got.size())};
    return {};
  }
  if (expected == got)
    return {};
  return replay_difference{0, at, shown_whole(expected), shown_whole(got)};
}

/// Copies what was asked, never what was answered.
void copy_keys(const io::json& from, std::initializer_list<std::string_view> keys, io::json& to) {
  for (const auto key : keys)
    if (const auto found = from.find(key); found != from.end())
      to[std::string{key}] = *found;
}

/// The answer as the recorder's line has it.
io::json answer_json(const io::json& asked, const corpus_answer& answer, const pool& at) {
  io::json line;
  copy_keys(asked, {"type", "i", "op", "actor", "from", "args"}, line);
  line["ok"] = answer.ok;
  if (answer.ok)
    line["ret"] = answer.ret;
  else
    line["error"] = {{"reason", reason(answer.why)}};
  copy_keys(asked, {"blockNumber", "timestamp", "txHash", "txIndex"}, line);
  if (at.slipstream() != nullptr) {
    line["fee"] = at.fee();
    line["unstakedFee"] = at.slipstream()->unstaked_fee;
  }
  line["events"] = answer.events;
  if (answer.ok) {
    line["state"] = answer.state;
    line["crossed"] = answer.crossed;
    line["ticks"] = answer.ticks;
    line["positions"] = answer.positions;
  }
  return line;
}

class corpus_run {
public:
  corpus_run(const io::line_reader& lines, corpus_mode mode, io::output_file* out)
    : lines_(lines), mode_(mode), out_(out) {
    report_.file = lines.path();
    report_.corpus = true;
    report_.compared = mode == corpus_mode::check;
    report_.dumped = mode == corpus_mode::dump;
  }

  result<nothing> take(const io::json& line);
  result<replay_report> finish() &&;
  bool found_difference() const { return report_.first.has_value(); }

private:
  fault wrong(std::string_view field, std::string_view expected, std::string_view got,
              std::string_view what_to_do) const {
    return io::bad_line(lines_.path(), lines_.number(), field, expected, got, what_to_do);
  }
  result<nothing> take_header(const io::json& line);
  result<nothing> take_operation(const io::json& line);
  result<nothing> take_checkpoint(const io::json& line);
  result<nothing> take_end(const io::json& line);
  void count(const corpus_operation& operation, const corpus_answer& answer);
  result<nothing> put(const io::json& line);
  void check(const io::json& recorded, const io::json& ours);

  const io::line_reader& lines_;
  corpus_mode mode_;
  io::output_file* out_;
  replay_report report_;
  std::optional<corpus_engine> engine_;
  bool ended_ = false;
};

result<nothing> corpus_run::put(const io::json& line) {
  return out_->write(line.dump(-1, ' ', false, io::json::error_handler_t::replace) + "\n");
}

void corpus_run::check(const io::json& recorded, const io::json& ours) {
  report_.first = compare(recorded, ours, "");
  if (report_.first)
    report_.first->line = lines_.number();
}

result<nothing> corpus_run::take(const io::json& line) {
  io::json_fields fields(line, lines_.path(), lines_.number());
  const auto type = fields.text("type");
  if (fields.failed())
    return fields.error();
  if (ended_)
    return wrong("type", "nothing after the line end", io::quoted(type), "split the file");
  if (!engine_)
    return type == "header" ? take_header(line)
                            : wrong("type", "header in the first line", io::quoted(type),
                                    "the file has lost its beginning: fetch it again");
  if (type == "op")
    return take_operation(line);
  if (type == "checkpoint")
    return take_checkpoint(line);
  if (type == "end")
    return take_end(line);
  return wrong("type", "op, checkpoint or end", io::quoted(type),
               "correct this line or record the corpus again");
}

result<nothing> corpus_run::take_header(const io::json& line) {
  auto header = parse_header(line, lines_.path(), lines_.number());
  if (!header)
    return header.error();
  engine_.emplace(*header);
  report_.name = header->name;
  report_.fee = header->fee;
  report_.tick_spacing = header->tick_spacing;
  return mode_ == corpus_mode::dump ? put(line) : nothing{};
}

void corpus_run::count(const corpus_operation& operation, const corpus_answer& answer) {
  const auto& call = operation.call;
  const std::string kind{to_text(call.kind)};
  ++report_.operations;
  ++report_.kinds[kind];
  if (!answer.ok) {
    const auto text = reason(answer.why);
    ++report_.reverts[kind + " " + (text.empty() ? "(no reason)" : std::string{text})];
    return;
  }
  const auto& price = engine_->at().state().sqrt_price_x96;
  for (const auto& x : call.kind == call_kind::batch ? call.calls : std::vector{call}) {
    if (x.kind != call_kind::swap)
      continue;
    ++report_.swaps;
    ++(price == x.order.sqrt_price_limit_x96    ? report_.at_limit
       : x.order.amount_specified.is_negative() ? report_.exact_output
                                                : report_.exact_input);
  }
}

result<nothing> corpus_run::take_operation(const io::json& line) {
  auto operation = parse_operation(line, lines_.path(), lines_.number());
  if (!operation)
    return operation.error();
  if (!engine_->knows(operation->call))
    return wrong("op", "an operation of the pool that the header describes",
                 io::quoted(to_text(operation->call.kind)), "record the corpus again");
  const auto answer = engine_->execute(*operation);
  count(*operation, answer);
  if (mode_ == corpus_mode::dump)
    return put(answer_json(line, answer, engine_->at()));
  if (mode_ == corpus_mode::count)
    return nothing{};
  if (!line.contains("ok"))
    return wrong("ok", "a recorded answer to compare with", "nothing",
                 "use --dump for a corpus without answers");
  check(line, answer_json(line, answer, engine_->at()));
  report_.agree += !report_.first;
  return nothing{};
}

result<nothing> corpus_run::take_checkpoint(const io::json& line) {
  io::json_fields fields(line, lines_.path(), lines_.number());
  const auto now = static_cast<uint32_t>(fields.number("timestamp", 0, INT64_MAX));
  if (fields.failed())
    return fields.error();
  ++report_.checkpoints;
  if (mode_ == corpus_mode::count)
    return nothing{};
  io::json ours;
  copy_keys(line, {"type", "i", "blockNumber", "timestamp"}, ours);
  ours.update(engine_->checkpoint());
  if (mode_ == corpus_mode::dump)
    return put(ours);
  if (const auto observed = line.find("observe"); observed != line.end() && observed->is_array()) {
    ours["observe"] = io::json::array();
    for (size_t i = 0; i < observed->size(); ++i) {
      const auto at = "observe[" + std::to_string(i) + "].";
      io::json_fields entry((*observed)[i], lines_.path(), lines_.number(), at);
      const auto age = entry.number_as<uint32_t>("secondsAgo");
      if (entry.failed())
        return entry.error();
      ours["observe"].push_back(observe_json(engine_->at(), age, now));
    }
  }
  check(line, ours);
  return nothing{};
}

result<nothing> corpus_run::take_end(const io::json& line) {
  ended_ = true;
  const io::json ours{{"type", "end"}, {"ops", report_.operations}};
  if (mode_ == corpus_mode::dump)
    return put(ours);
  if (const auto recorded = line.find("ops"); recorded != line.end() && *recorded != ours["ops"])
    return wrong("ops", io::shown(*recorded) + " operations before this line",
                 std::to_string(report_.operations), "the file has lost lines: fetch it again");
  return nothing{};
}

result<replay_report> corpus_run::finish() && {
  if (!engine_)
    return io::bad_line(lines_.path(), 0, "", "an operation corpus", "an empty file",
                        "fetch or record it again");
  if (!ended_ && !report_.first && mode_ != corpus_mode::dump)
    return wrong("type", "the line end", "the end of the file",
                 "the file is truncated: fetch it again");
  const auto& state = engine_->at().state();
  report_.sqrt_price_x96 = state.sqrt_price_x96;
  report_.tick = state.tick;
  report_.liquidity = state.liquidity;
  return std::move(report_);
}

} // namespace

bool opens_corpus(const io::json& first_line) {
  return first_line.contains("type");
}

result<replay_report> run_corpus(const std::string& path, corpus_mode mode, io::output_file* out,
                                 const progress_call& progress) {
  auto lines = io::line_reader::open(path, corpus_line_bytes_max);
  if (!lines)
    return lines.error();
  corpus_run run(*lines, mode, out);
  while (!run.found_difference()) {
    auto text = lines->next();
    if (!text)
      return text.error();
    if (!*text)
      break;
    auto line = io::parse_object(*lines, **text);
    if (!line)
      return line.error();
    if (auto taken = run.take(*line); !taken)
      return taken.error();
    if (progress && lines->bytes_total() != 0 && lines->number() % lines_per_progress == 0)
      progress(static_cast<double>(lines->bytes_read())
               / static_cast<double>(lines->bytes_total()));
  }
  return std::move(run).finish();
}

} // namespace sluice::tools
