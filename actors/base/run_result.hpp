/// How a command that runs actors ended.
#pragma once

#include <string>

namespace sluice {

/// How a run ended; `code` as in bin/commands.hpp. `code`: 0 to 255. Errors are codes other than 0.
struct run_result {
  int code = 0;
  std::string why;      // one sentence when code is not 0
  bool stopped = false; // by a signal
};

} // namespace sluice
