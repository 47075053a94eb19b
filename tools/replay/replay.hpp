/// Re-executes a file on our pool, whatever kind of recording it is.
#pragma once

#include "io/pool/event_stream.hpp"
#include "tools/replay/corpus.hpp"
#include "tools/replay/replay_report.hpp"

#include <string>

namespace sluice::tools {

struct replay_options {
  corpus_mode mode = corpus_mode::count;
  io::pool_overrides overrides;   // for event streams
  io::output_file* out = nullptr; // for dump
  progress_call progress;         // may be empty
};

/// An operation corpus (first line {"type":"header"}) or an event stream (io/pool/event_stream),
/// distinguished by the first line. Event streams are always compared and cannot be dumped.
result<replay_report> replay_file(const std::string& path, const replay_options& options);

/// Every swap re-executed and compared; `path` is for the report. In constant memory; the errors
/// are those of reading the recording again.
result<replay_report>
replay_recording(const std::string& path, const io::event_recording& recording,
                 const progress_call& progress);

/// The same of blocks in memory; no error.
replay_report replay_stream(const std::string& path, const io::event_stream& stream,
                            const progress_call& progress);

} // namespace sluice::tools
