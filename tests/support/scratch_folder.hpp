/// A folder of a test's own that goes away with it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace sluice::test {

class scratch_folder {
public:
  scratch_folder() {
    std::string name = std::filesystem::temp_directory_path() / "sluice_test_XXXXXX";
    path_ = mkdtemp(name.data());
  }
  ~scratch_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string at(std::string_view name) const { return path_ / name; }

  /// Writes the file and answers its path.
  std::string write(std::string_view name, std::string_view text) const {
    std::ofstream{at(name), std::ios::binary} << text;
    return at(name);
  }
  std::string read(std::string_view name) const {
    std::ifstream in(at(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  /// Names of everything in it, hidden files too. How many names: from 0.
  /// std::filesystem::filesystem_error when the folder is gone.
  size_t count() const {
    return static_cast<size_t>(std::distance(std::filesystem::directory_iterator(path_), {}));
  }

private:
  std::filesystem::path path_;
};

} // namespace sluice::test
