/// Runs a program as a user would and keeps everything it says.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace sluice::test {

struct program_run {
  int code = -1;   // exit code; 128 + signal when a signal ended it; -1 when it was not started
  std::string out; // standard output
  std::string err; // standard error
  bool too_slow = false; // was killed because it did not end in time
};

struct run_options {
  std::vector<std::string> environment; // "NAME=value", on top of ours
  std::string folder;                   // working folder, ours when empty
  std::string input;                    // standard input
  int signal = 0;                       // sent once `signal_after` appeared in out or err
  std::string signal_after;             // "" = at once
  std::chrono::seconds patience{120};   // then SIGKILL
  unsigned long file_bytes_max = 0;     // RLIMIT_FSIZE, 0 = ours; SIGXFSZ is ignored then
};

/// Runs `program` with `arguments` and waits until it ends.
program_run run_program(const std::string& program, const std::vector<std::string>& arguments,
                        const run_options& options = {});

/// The binary under test, with a subcommand and its flags.
inline program_run
run_sluice(const std::vector<std::string>& arguments, const run_options& options = {}) {
  return run_program(BINARY_DIR "/sluice", arguments, options);
}

} // namespace sluice::test
