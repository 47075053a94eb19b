/// What tests read: the bundled files under tests/data and, when it is there, the shared folder.
#pragma once

#include "tests/support/shared.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>
#include <zstd.h>

namespace sluice::test {

/// All bytes of a file; std::runtime_error when it cannot be read.
inline std::string file_bytes(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in)
    throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Is NAME one of the bundled files?
inline bool is_bundled(const std::string& name) {
  return std::filesystem::exists(std::filesystem::path(SOURCE_DIR) / "tests" / "data"
                                 / (name + ".zst"));
}

/// The text of tests/data/NAME.zst. std::runtime_error when it is missing or damaged.
inline std::string bundled_text(const std::string& name) {
  auto path = std::filesystem::path(SOURCE_DIR) / "tests" / "data" / (name + ".zst");
  auto packed = file_bytes(path);
  auto size = ZSTD_getFrameContentSize(packed.data(), packed.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN)
    throw std::runtime_error(path.string() + " is not a zstd file with its size");
  std::string text(size, '\0');
  auto got = ZSTD_decompress(text.data(), text.size(), packed.data(), packed.size());
  if (ZSTD_isError(got) != 0U || got != size)
    throw std::runtime_error(path.string() + " is damaged");
  return text;
}

/// The path of tests/data/evaluate/NAME: recordings of events and bars.
inline std::string recording(const std::string& name) {
  return std::string{SOURCE_DIR} + "/tests/data/evaluate/" + name;
}

/// The text of NAME in the shared folder.
inline std::string shared_text(const std::string& name) {
  return file_bytes(shared_folder() / name);
}

/// Views into `text`, which must outlive them.
inline std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    auto end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

} // namespace sluice::test
