/// Any bytes as a file that `sluice replay` is given: what its fuzzer runs.
#pragma once

#include <string>
#include <string_view>

namespace sluice::test {

/// What came of an input.
struct replay_end {
  std::string wrong; // empty: every way of replaying ended in a report or in one clear sentence
  bool read = false; // it was a report
};

/// Replays the bytes in every mode of the command, through the same functions.
replay_end replay_anything(std::string_view bytes);

} // namespace sluice::test
