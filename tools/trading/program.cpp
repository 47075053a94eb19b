#include "tools/trading/program.hpp"

#include <chrono>

namespace sluice::tools {

int64_t clock_us() {
  using namespace std::chrono;
  return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

std::string program_version() {
  return SLUICE_VERSION;
}

} // namespace sluice::tools
