#include "tools/leads/program.hpp"

#include <chrono>

namespace sluice::tools {

std::string program_version() {
  return SLUICE_VERSION;
}

uint64_t unix_ms_now() {
  using namespace std::chrono;
  return static_cast<uint64_t>(
    duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
}

} // namespace sluice::tools
