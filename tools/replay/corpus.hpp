/// Executes an operation corpus: compares with the recorded answers, or writes down our own.
#pragma once

#include "io/text/output_file.hpp"
#include "rules/result.hpp"
#include "tools/replay/replay_report.hpp"

#include <functional>
#include <string>

namespace sluice::tools {

enum class corpus_mode : uint8_t {
  count, // only execute
  check, // compare with what was recorded
  dump,  // write what our engine answers; reads no recorded answer
};

/// Called now and then with the part of the file that is done, 0..1. Both included. It must not
/// throw.
using progress_call = std::function<void(double)>;

/// Runs the whole file. In `check` a difference is an answer, not an error, and ends the run; `out`
/// is needed by `dump`, which writes header, op, checkpoint and end lines in the recorder's key
/// order, without gasUsed, error.data and observe. Errors name file, line and field. Faults:
/// ec::unreachable, else ec::bad_input.
result<replay_report> run_corpus(const std::string& path, corpus_mode mode, io::output_file* out,
                                 const progress_call& progress);

/// Does this object open an operation corpus?
bool opens_corpus(const io::json& first_line);

} // namespace sluice::tools
