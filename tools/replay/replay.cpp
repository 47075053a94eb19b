#include "tools/replay/replay.hpp"

#include "sim/evaluate/window.hpp"
#include "sim/math/tick_math.hpp"
#include "tools/replay/corpus_call.hpp"

#include <charconv>

namespace sluice::tools {

namespace {

constexpr size_t blocks_per_progress = 1024;

/// Not what the reader has added: an initialization is not always in the file, and what a line
/// states beside its own event comes before it, with the same number.
void count(const block_record& record, replay_report& report) {
  const auto& events = record.block.events;
  for (size_t i = 0; i < events.size(); ++i) {
    const bool aside
      = events[i].line == 0 || (i + 1 < events.size() && events[i + 1].line == events[i].line);
    if (aside && events[i].kind != pool_event_kind::initialize)
      continue;
    report.operations += events[i].kind != pool_event_kind::initialize;
    ++report.kinds[std::string{to_string(events[i].kind)}];
  }
  for (const auto& swap : record.swaps) {
    report.fee_changes += swap.fee != report.last_fee;
    report.last_fee = swap.fee;
    const auto& asked = swap.asked;
    const bool at_limit = asked.amount_specified == i256::max(); // how a replica asks for one
    ++report.swaps;
    ++(at_limit                               ? report.at_limit
       : asked.amount_specified.is_negative() ? report.exact_output
                                              : report.exact_input);
  }
}

/// Takes "line 7: swap: recorded tick 5, the pool got 6" apart.
replay_difference difference_of(std::string_view what) {
  constexpr std::string_view line = "line ", recorded = "recorded ", got = ", the pool got ";
  replay_difference found;
  if (what.starts_with(line)) {
    const auto* end = what.data() + what.size();
    const auto read = std::from_chars(what.data() + line.size(), end, found.line);
    what = {read.ptr, static_cast<size_t>(end - read.ptr)};
    what.remove_prefix(std::min<size_t>(2, what.size())); // ": "
  }
  if (const auto colon = what.find(": "); colon != std::string_view::npos) {
    found.field = what.substr(0, colon);
    what.remove_prefix(colon + 2);
  }
  found.expected = "what was recorded";
  found.got = what;
  const auto split = what.find(got);
  if (!what.starts_with(recorded) || split == std::string_view::npos)
    return found;
  what.remove_prefix(recorded.size());
  const auto space = what.find(' ');
  found.field += "." + std::string{what.substr(0, space)};
  found.expected = what.substr(space + 1, split - recorded.size() - space - 1);
  found.got = what.substr(split - recorded.size() + got.size());
  return found;
}

/// The first line that is not blank, as an object.
result<io::json> first_object(io::line_reader& lines) {
  auto text = lines.next();
  if (!text)
    return text.error();
  if (!*text)
    return io::bad_line(lines.path(), 0, "", "an operation corpus or a stream of events",
                        "an empty file", "fetch or export it again");
  return io::parse_object(lines, **text);
}

/// Re-executes block after block; the first difference ends it.
class stream_replay {
public:
  stream_replay(const std::string& path, const std::string& name, const pool_terms& terms)
    : market_(replica::of_pool(terms)) {
    report_.file = path;
    report_.name = name;
    report_.compared = true;
    report_.slipstream = terms.kind == pool_kind::slipstream;
    report_.fee = report_.last_fee = terms.fee;
    report_.tick_spacing = terms.tick_spacing;
  }

  /// Does everything agree so far?
  bool take(const feed_block& block) {
    auto record = market_.apply(block);
    if (!record) {
      report_.first = difference_of(record.error().what);
      return false;
    }
    count(**record, report_);
    return true;
  }

  replay_report finish() && {
    report_.agree = report_.operations;
    const auto at = market_.snapshot();
    report_.sqrt_price_x96 = at->state().sqrt_price_x96;
    report_.tick = at->state().tick;
    report_.liquidity = at->state().liquidity;
    return std::move(report_);
  }

private:
  replica market_;
  replay_report report_;
};

} // namespace

result<replay_report>
replay_recording(const std::string& path, const io::event_recording& recording,
                 const progress_call& progress) {
  stream_replay run(path, recording.name, recording.terms);
  const auto all = static_cast<double>(recording.blocks.size());
  auto blocks = recording.blocks.read();
  for (size_t i = 0;; ++i) {
    const auto block = blocks.next();
    if (!block)
      return block.error();
    if (!*block || !run.take(**block))
      return std::move(run).finish();
    if (progress && i % blocks_per_progress == 0)
      progress(static_cast<double>(i) / all);
  }
}

replay_report replay_stream(const std::string& path, const io::event_stream& stream,
                            const progress_call& progress) {
  stream_replay run(path, stream.name, stream.terms);
  for (size_t i = 0; i < stream.blocks.size() && run.take(stream.blocks[i]); ++i)
    if (progress && i % blocks_per_progress == 0)
      progress(static_cast<double>(i) / static_cast<double>(stream.blocks.size()));
  return std::move(run).finish();
}

result<replay_report> replay_file(const std::string& path, const replay_options& options) {
  auto lines = io::line_reader::open(path, corpus_line_bytes_max);
  if (!lines)
    return lines.error();
  const auto first = first_object(*lines);
  if (!first)
    return first.error();
  if (opens_corpus(*first))
    return run_corpus(path, options.mode, options.out, options.progress);
  if (options.mode == corpus_mode::dump)
    return fault{ec::bad_input, path
                                  + ":1: type: expected an operation corpus, got a stream of "
                                    "events; leave out --dump"};
  lines->again();
  const auto recording = io::read_event_recording(*std::move(lines), options.overrides);
  if (!recording)
    return recording.error();
  return replay_recording(path, *recording, options.progress);
}

} // namespace sluice::tools
