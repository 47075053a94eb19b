/// A folder of its own for every test, gone afterwards.
#pragma once

#include <sys/mount.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <unistd.h>

namespace sluice::storage::test {

class temp_folder {
public:
  temp_folder() {
    auto name = (std::filesystem::temp_directory_path() / "sluice-storage-XXXXXX").string();
    if (!::mkdtemp(name.data()))
      std::abort();
    path_ = name;
  }
  temp_folder(const temp_folder&) = delete;
  ~temp_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

private:
  std::filesystem::path path_;
};

/// A small disk of its own, when this process may mount one.
class temp_disk {
public:
  temp_disk(const std::filesystem::path& at, const std::string& size) : at_(at) {
    std::filesystem::create_directory(at_);
    const auto options = "size=" + size;
    mounted_ = ::mount("tmpfs", at_.c_str(), "tmpfs", 0, options.c_str()) == 0;
  }
  temp_disk(const temp_disk&) = delete;
  ~temp_disk() {
    if (mounted_)
      ::umount2(at_.c_str(), MNT_DETACH);
  }

  bool mounted() const { return mounted_; }
  bool make_read_only() { return ::mount("", at_.c_str(), "", MS_REMOUNT | MS_RDONLY, "") == 0; }

private:
  std::filesystem::path at_;
  bool mounted_ = false;
};

/// Runs `work` in another process; its answer is the exit code, or 1000 + the signal that ended it.
inline int in_child(const std::function<int()>& work) {
  const pid_t pid = ::fork();
  if (pid == 0)
    ::_exit(work()); // no destructors of the parent's
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

inline std::string content(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

inline void put_content(const std::filesystem::path& file, std::string_view bytes) {
  std::ofstream{file, std::ios::binary} << bytes;
}

/// Every path below a folder, relative.
inline std::set<std::string> names_below(const std::filesystem::path& folder) {
  std::set<std::string> names;
  for (const auto& x : std::filesystem::recursive_directory_iterator{folder})
    names.insert(x.path().lexically_relative(folder).string());
  return names;
}

} // namespace sluice::storage::test
