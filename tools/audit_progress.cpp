#include "tools/audit_progress.hpp"

#include <cmath>

namespace sluice::tools {

std::string audit_progress_text(uint64_t done, uint64_t total, double seconds) {
  const auto percent = done * 100 / total;
  auto text = "auditing: " + std::to_string(percent) + " % of " + std::to_string(total) + " rounds";
  if (percent == 0)
    return text;
  const auto left = static_cast<uint64_t>(
    std::ceil(seconds * static_cast<double>(total - done) / static_cast<double>(done)));
  if (left < 120)
    return text + ", about " + std::to_string(left) + " s left";
  return text + ", about " + std::to_string((left + 30) / 60) + " min left";
}

audit_progress::audit_progress()
  : began_(std::chrono::steady_clock::now()), line_([this](int) {
      const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - began_;
      return audit_progress_text(done_, total_, passed.count());
    }) {}

void audit_progress::show(uint64_t done, uint64_t total) {
  done_ = done;
  total_ = total;
  line_.show(static_cast<int>(done * 100 / total));
}

} // namespace sluice::tools
