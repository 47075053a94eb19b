/// Exit codes of `sluice`, the same everywhere, and the sentence before one.
#pragma once

#include "rules/result.hpp"
#include "tools/print.hpp"

namespace sluice::tools {

/// From 0 to 255, so that a shell sees them as they are.
enum exit_code : int {
  done = 0,
  answer_is_no = 1, // a check failed
  usage = 2,        // flags, configuration, input files
  environment = 3,  // file, port, disk, peer
  bug = 70,
};

/// Prints what is wrong with flags, configuration or a folder, and what to exit with. `environment`
/// for ec::unreachable, else `usage`.
inline int complain(const fault& why) {
  print_shown(stderr, "sluice: %s\n", why.what.c_str());
  return why.code == ec::unreachable ? environment : usage;
}

} // namespace sluice::tools
