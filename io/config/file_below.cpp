#include "io/config/file_below.hpp"

#include <algorithm>
#include <filesystem>

namespace sluice::io {

namespace fs = std::filesystem;

result<std::string> file_below(const std::string& folder, const std::string& name) {
  if (folder.empty())
    return fault{ec::refused, name + ": no file may be named here"};
  std::error_code failed;
  const auto root = fs::canonical(folder, failed);
  if (failed)
    return fault{ec::unreachable, folder + ": " + failed.message()};
  const auto file = fs::canonical(root / name, failed); // an absolute name stays one
  if (failed)
    return fault{ec::unreachable, name + ": there is no such file in " + root.string()
                                    + ", or it may not be looked at: " + failed.message()};
  if (std::ranges::mismatch(root, file).in1 != root.end())
    return fault{ec::refused, name
                                + ": is not in the configuration's folder: expected a file below "
                                + root.string() + "; put it there"};
  if (!fs::is_regular_file(file, failed))
    return fault{ec::refused, name + ": is no regular file; a recording is one"};
  return file.string();
}

} // namespace sluice::io
