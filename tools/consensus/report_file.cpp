#include "tools/consensus/report_file.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <system_error>

namespace sluice::tools {

namespace {

result<std::string> read_bounded(std::istream& in, const std::string& path) {
  std::string bytes(report_file_bytes_max + 1, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<size_t>(in.gcount()));
  if (in.bad())
    return fault{ec::unreachable, path + ": cannot be read"};
  if (bytes.size() > report_file_bytes_max)
    return fault{ec::bad_input, path + ": larger than 4 MiB; a report is not"};
  return bytes;
}

} // namespace

result<std::string> read_report_file(const std::string& path) {
  if (path == "-")
    return read_bounded(std::cin, "the standard input");
  std::error_code error;
  if (std::filesystem::is_directory(path, error))
    return fault{ec::unreachable, path + ": is a folder; a report is a JSON file"};
  std::ifstream file{path, std::ios::binary};
  if (!file)
    return fault{ec::unreachable, path + ": cannot be opened; does it exist, may you read it?"};
  return read_bounded(file, path);
}

} // namespace sluice::tools
