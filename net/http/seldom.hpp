/// How often a line about what strangers do may be written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace sluice::net {

/// One line of each text a minute; texts beyond 64 are passed over until then, so that nobody fills
/// a log or this memory.
class seldom {
public:
  /// May this text be written now? `now_ms`: of a clock that only goes forward, milliseconds.
  bool now(const std::string& text, uint64_t now_ms) {
    std::erase_if(written_, [now_ms](const auto& x) { return now_ms - x.second >= pause_ms; });
    return written_.size() < texts_max && written_.emplace(text, now_ms).second;
  }

private:
  static constexpr size_t texts_max = 64;
  static constexpr uint64_t pause_ms = 60'000;

  std::map<std::string, uint64_t> written_;
};

} // namespace sluice::net
