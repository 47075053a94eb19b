#include "tools/program.hpp"

#include <chrono>

namespace sluice::tools {

std::string program_version() {
  return SLUICE_VERSION;
}

int64_t clock_us() {
  using namespace std::chrono;
  return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

uint64_t unix_ms_now() {
  return static_cast<uint64_t>(clock_us()) / 1000;
}

} // namespace sluice::tools
