#include "io/config/config_text.hpp"

#include "io/config/toml_bounds.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

namespace sluice::io {

namespace {

constexpr size_t file_bytes_max = toml_limits{}.bytes;

/// An open file; closed with it.
struct config_descriptor {
  int number = -1;
  explicit config_descriptor(int x) : number(x) {}
  config_descriptor(const config_descriptor&) = delete;
  config_descriptor& operator=(const config_descriptor&) = delete;
  ~config_descriptor() {
    if (number >= 0)
      ::close(number);
  }
};

/// What stands there instead of a file with text in it; "" for such a file.
std::string other_kind(mode_t mode) {
  if (S_ISDIR(mode))
    return "a folder";
  if (S_ISFIFO(mode))
    return "a named pipe";
  if (S_ISSOCK(mode))
    return "a socket";
  return S_ISREG(mode) ? "" : "a device";
}

} // namespace

result<toml::table> toml_of(std::string_view text, const std::string& name) {
  const auto form = scan_toml(text, name);
  if (!form)
    return form.error();
  try { // the only way in which toml++ reports where a mistake is
    auto table = toml::parse(text.substr(0, form->good_to), name);
    if (!form->broken)
      return table;
    return fault{ec::bad_input,
                 name + ": not TOML: keys, strings or brackets do not end where they should"};
  } catch (const toml::parse_error& e) {
    const auto& at = e.source().begin;
    return fault{ec::bad_input, name + ':' + std::to_string(at.line) + ':'
                                  + std::to_string(at.column)
                                  + ": not TOML: " + std::string{e.description()}};
  }
}

result<std::string> config_text_of(const std::string& path) {
  // A pipe without a writer, or a device, would make an ordinary open or read wait.
  const config_descriptor file{::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)};
  struct stat facts {};
  if (file.number < 0 || ::fstat(file.number, &facts) != 0) {
    const bool waits = errno == ENXIO; // a socket, or a device that is not there
    return fault{ec::unreachable, path
                                    + (waits ? ": is no regular file; a configuration is one"
                                             : ": cannot be opened; does it exist, may you read"
                                               " it?")};
  }
  if (const auto kind = other_kind(facts.st_mode); !kind.empty())
    return fault{ec::unreachable, path + ": is " + kind + "; a configuration is a TOML file"};
  std::string bytes(file_bytes_max + 1, '\0');
  size_t size = 0;
  while (size < bytes.size()) {
    const auto got = ::read(file.number, bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return fault{ec::unreachable, path + ": cannot be read: " + std::strerror(errno)};
    if (got == 0)
      break;
    size += static_cast<size_t>(got);
  }
  bytes.resize(size);
  if (size > file_bytes_max)
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
