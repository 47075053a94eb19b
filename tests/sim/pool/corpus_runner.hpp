/// Plays a recorded corpus on our pool and compares every recorded answer.
#pragma once

#include "tests/support/swap_paths.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::test {

struct corpus_report {
  size_t operations = 0;
  size_t reverted = 0;
  size_t checkpoints = 0;
  path_count paths;                     // swaps went through all of these too
  std::vector<std::string> differences; // "line 17, state: expected ..., got ..."
};

/// Format: ../shared/harness/evm/README.md. Besides the recorded answers it checks that a failed
/// operation changes nothing, that the pool survives save and load at every checkpoint, and that
/// all ways to swap agree.
corpus_report play_corpus(std::string_view text);

} // namespace sluice::test
