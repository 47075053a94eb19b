/// Standard output and standard error of a program that must not wait for whoever reads them: each
/// has a queue and a thread of its own.
#pragma once

#include "io/output/writer.hpp"

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::tools {

/// What standard output gets in the place of lines that were dropped, for programs and for people;
/// lines from 1.
enum class dropped_note : uint8_t { json = 0, pairs, people };

/// While it exists, all that leaves through tools/print.hpp is queued: it is dropped and counted
/// where it cannot be written, and a person is warned on standard error. One at a time.
class queued_output {
public:
  /// std::system_error: there are no threads or descriptors for it.
  explicit queued_output(dropped_note note);
  /// Leaves what is not written, as far as finish() has not waited for it.
  ~queued_output();
  queued_output(const queued_output&) = delete;
  queued_output& operator=(const queued_output&) = delete;

  /// Waits until standard output has taken everything, at most `patience`, but not while it fails.
  /// Answers how many lines it has lost, from 0. Milliseconds from 0.
  uint64_t finish(std::chrono::milliseconds patience);
};

/// One stream of this process that is queued.
struct output_view {
  std::string name; // "stdout", "stderr", "log"
  io::output_counts counts;
};

/// Of the queued_output that exists, and of a log file. Any thread. Errors: none.
std::vector<output_view> output_views();

/// False while a moment's patience would save lines of standard output from being dropped. Any
/// thread.
bool output_takes_more();

/// Waits until all streams have taken everything, at most `patience` each. Milliseconds from 0. Any
/// thread: it is for whoever is about to end the process.
void drain_output(std::chrono::milliseconds patience);

/// The writer of a log file, which output_views() and drain_output() then know; null: none.
void note_log_writer(std::shared_ptr<io::output_writer> log);

/// How a writer is set up in this program: with its clock. `name`: for the warning.
io::output_terms usual_output_terms(const std::string& name);

/// Queues a text when `to` is queued. False: it is not, and the caller writes it.
bool queue_text(std::FILE* to, std::string_view text);

} // namespace sluice::tools
