#include "io/config/config_text.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace sluice::io {

namespace {

constexpr uint64_t file_bytes_max = 4U << 20;

} // namespace

result<toml::table> toml_of(std::string_view text, const std::string& name) {
  try { // the only way in which toml++ reports where a mistake is
    return toml::parse(text, name);
  } catch (const toml::parse_error& e) {
    const auto& at = e.source().begin;
    return fault{ec::bad_input, name + ':' + std::to_string(at.line) + ':'
                                  + std::to_string(at.column)
                                  + ": not TOML: " + std::string{e.description()}};
  }
}

result<std::string> config_text_of(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error))
    return fault{ec::unreachable, path + ": is a folder; a configuration is a TOML file"};
  std::ifstream file{path, std::ios::binary};
  if (!file)
    return fault{ec::unreachable, path + ": cannot be opened; does it exist, may you read it?"};
  std::string bytes(file_bytes_max + 1, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<size_t>(file.gcount()));
  if (file.bad())
    return fault{ec::unreachable, path + ": cannot be read"};
  if (bytes.size() > file_bytes_max)
    return fault{ec::bad_input, path + ": larger than 4 MiB; a configuration is not"};
  return bytes;
}

void place_beside(const std::string& path, std::string& name) {
  std::error_code error;
  const auto folder = std::filesystem::absolute(path, error).parent_path();
  if (!name.empty())
    name = (folder / name).lexically_normal().string();
}

} // namespace sluice::io
