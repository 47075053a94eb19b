/// Reads the recorded cases that the rules are compared with.
#pragma once

#include "rules/math/u256.hpp"
#include "tests/support/shared.hpp"

#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace sluice::test {

inline nlohmann::json read_json(const std::filesystem::path& path) {
  std::ifstream file{path};
  return nlohmann::json::parse(file);
}

inline nlohmann::json recorded(const std::string& name) {
  return read_json(std::filesystem::path{SOURCE_DIR} / "tests/data" / name);
}

/// A file of the shared folder when it is there, else the sample in tests/data.
inline nlohmann::json shared_or(const std::string& shared, const std::string& sample) {
  const auto path = sluice::test::shared_folder() / shared;
  return std::filesystem::exists(path) ? read_json(path) : recorded(sample);
}

inline u256 number(const nlohmann::json& digits) {
  return *u256::parse(digits.get<std::string>());
}

/// Hexadecimal floating point: every bit counts.
inline double bits(const nlohmann::json& text) {
  return std::strtod(text.get<std::string>().c_str(), nullptr);
}

} // namespace sluice::test
