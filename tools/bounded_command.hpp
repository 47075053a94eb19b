/// Runs an operator's program with text in and text out, within bounds and without a shell.
#pragma once

#include "rules/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::tools {

/// `time_ms`: milliseconds, from 1; `output_bytes_max`: bytes, from 1. Not checked here.
struct command_bounds {
  uint64_t time_ms = 10'000;
  size_t output_bytes_max = size_t{1} << 20;
};

/// Starts `command` (a program that PATH finds, then its arguments; nothing is expanded), writes
/// `input` to its standard input and answers what it writes to its standard output; its errors go
/// to ours. It and what it has started is killed when a bound is passed. Blocks the calling thread
/// for `time_ms` at most. Faults, each with the program's name:
///   bad_input    no program is named
///   unreachable  it cannot be started
///   timeout      it has not ended in time
///   out_of_range it writes more than `output_bytes_max`
///   refused      it ended with another exit code than 0, or by a signal
result<std::string> run_bounded(const std::vector<std::string>& command, std::string_view input,
                                const command_bounds& bounds);

} // namespace sluice::tools
