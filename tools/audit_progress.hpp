/// How far an audit is and how long the rest will take, in one line on a terminal.
#pragma once

#include "tools/progress_line.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace sluice::tools {

/// "auditing: 43 % of 16000 rounds, about 12 s left". `done`: from 1 to `total`; seconds from 0, of
/// this audit so far, not negative. No estimate before 1 %. No error.
std::string audit_progress_text(uint64_t done, uint64_t total, double seconds);

class audit_progress {
public:
  audit_progress();

  /// So many rounds are done, from 1 to `total`.
  void show(uint64_t done, uint64_t total);

private:
  std::chrono::steady_clock::time_point began_;
  uint64_t done_ = 0;
  uint64_t total_ = 0;
  progress_line line_;
};

} // namespace sluice::tools
