#include "tools/queued_output.hpp"

#include "tools/print.hpp"

#include <mutex>
#include <unistd.h>
#include <utility>

namespace sluice::tools {

namespace {

using writer_pointer = std::shared_ptr<io::output_writer>;

std::mutex streams_mutex; // of all that follows
writer_pointer queued_stdout;
writer_pointer queued_stderr;
writer_pointer log_writer;

struct streams {
  writer_pointer out;
  writer_pointer err;
  writer_pointer log;
};

streams streams_now() {
  const std::lock_guard lock{streams_mutex};
  return {queued_stdout, queued_stderr, log_writer};
}

int64_t steady_ms_now() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

std::string note_of(dropped_note form, uint64_t lines) {
  const auto n = std::to_string(lines);
  switch (form) {
  case dropped_note::json:
    return R"({"event":"dropped","lines":)" + n + "}\n";
  case dropped_note::pairs:
    return "dropped lines=" + n + '\n';
  case dropped_note::people:
    break;
  }
  return "(" + n + " lines were dropped here: nobody took them)\n";
}

writer_pointer writer_to(int descriptor, io::output_terms terms) {
  return std::make_shared<io::output_writer>(std::make_unique<io::descriptor_target>(descriptor),
                                             std::move(terms));
}

/// A line of a bar, which the next one replaces.
bool is_passing(std::string_view text) {
  return text.starts_with('\r') && text.find('\n') == std::string_view::npos;
}

} // namespace

io::output_terms usual_output_terms(const std::string& name) {
  io::output_terms terms;
  terms.now_ms = steady_ms_now;
  terms.changed = [name](const io::output_counts& now) {
    print_shown(stderr, "sluice: warning: %s\n", io::sentence_of(name, now).c_str());
  };
  return terms;
}

queued_output::queued_output(dropped_note note) {
  std::fflush(stdout);
  std::fflush(stderr);
  auto out = usual_output_terms("standard output");
  out.note = [note](uint64_t lines) { return note_of(note, lines); };
  auto err = usual_output_terms("standard error");
  err.note = [](uint64_t lines) {
    return "sluice: " + std::to_string(lines) + " lines were dropped here: nobody took them\n";
  };
  err.changed = {}; // there is nowhere else to report it
  auto made_out = writer_to(STDOUT_FILENO, std::move(out));
  auto made_err = writer_to(STDERR_FILENO, std::move(err));
  const std::lock_guard lock{streams_mutex};
  queued_stdout = std::move(made_out);
  queued_stderr = std::move(made_err);
}

queued_output::~queued_output() {
  const std::lock_guard lock{streams_mutex};
  queued_stdout.reset();
  queued_stderr.reset();
}

uint64_t queued_output::finish(std::chrono::milliseconds patience) {
  const auto all = streams_now();
  (void)all.out->drain(patience);
  const auto now = all.out->counts();
  return now.dropped_lines + (now.waiting_bytes != 0 ? 1 : 0);
}

std::vector<output_view> output_views() {
  const auto all = streams_now();
  std::vector<output_view> views;
  for (const auto& [name, x] :
       {std::pair{"stdout", all.out}, {"stderr", all.err}, {"log", all.log}})
    if (x)
      views.push_back({name, x->counts()});
  return views;
}

bool output_takes_more() {
  const auto out = streams_now().out;
  return !out || out->takes_more();
}

void drain_output(std::chrono::milliseconds patience) {
  const auto all = streams_now();
  for (const auto& x : {all.out, all.err, all.log})
    if (x)
      (void)x->drain(patience);
}

void note_log_writer(std::shared_ptr<io::output_writer> log) {
  const std::lock_guard lock{streams_mutex};
  log_writer.swap(log);
}

bool queue_text(std::FILE* to, std::string_view text) {
  const auto all = streams_now();
  const auto& writer = to == stdout ? all.out : to == stderr ? all.err : writer_pointer{};
  if (!writer)
    return false;
  if (is_passing(text))
    writer->put_passing(text);
  else
    writer->put(text);
  return true;
}

} // namespace sluice::tools
