/// Recorded material beside the code base, which tests use when it is there.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace sluice::test {

/// $SLUICE_SHARED, else ../shared: a folder of the same form, of which parts may be missing.
inline std::filesystem::path shared_folder() {
  const char* other = std::getenv("SLUICE_SHARED");
  return other && *other ? std::filesystem::path{other}
                         : std::filesystem::path{SOURCE_DIR} / ".." / "shared";
}

/// Is this file or folder of it there?
inline bool shared_has(const std::string& part) {
  return std::filesystem::exists(shared_folder() / part);
}

} // namespace sluice::test
