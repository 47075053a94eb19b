#include "net/keys/secret_line.hpp"

#include "io/text/lines.hpp"
#include "net/keys/ed25519.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace sluice::net {

namespace {

constexpr size_t key_file_bytes_max = 4096;

struct key_descriptor {
  explicit key_descriptor(int x) : number(x) {}
  key_descriptor(const key_descriptor&) = delete;
  key_descriptor& operator=(const key_descriptor&) = delete;
  ~key_descriptor() {
    if (number >= 0)
      ::close(number);
  }
  int number;
};

fault unreadable_key(const std::string& path, std::string_view what, const std::string& why) {
  return {ec::unreachable, path + ": " + std::string{what} + " cannot be read: " + why
                             + "; put it into this file, and chmod 600 it"};
}

/// The one line with a key.
result<std::string>
key_in(std::string_view text, const std::string& path, std::string_view what, size_t bytes_max) {
  const auto wrong = [&](const std::string& got) {
    return io::bad_line(path, 0, "", "one line with " + std::string{what}, got,
                        "correct the file; lines that begin with # are comments");
  };
  std::string_view key;
  for (size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    auto line = text.substr(at, end - at);
    at = end + 1;
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t'))
      line.remove_suffix(1);
    if (line.empty() || line.front() == '#')
      continue;
    if (!key.empty())
      return wrong("several lines");
    key = line;
  }
  if (key.empty())
    return wrong("none");
  if (key.size() > bytes_max)
    return wrong("one of more than " + std::to_string(bytes_max) + " characters");
  if (!std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c <= '~'; }))
    return wrong("one with a space or a character outside ASCII in it");
  return std::string{key};
}

} // namespace

result<std::string>
read_secret_line(const std::string& path, std::string_view what, size_t bytes_max) {
  const key_descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  struct stat facts {};
  if (file.number < 0 || ::fstat(file.number, &facts) != 0)
    return unreadable_key(path, what, std::strerror(errno));
  if (!S_ISREG(facts.st_mode))
    return unreadable_key(path, what, "it is no file");
  if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return fault{ec::refused, path + ": others may read or write it: expected mode 0600; chmod 600 "
                                + path + ", and get a new key if somebody could have read it"};
  std::string text(key_file_bytes_max + 1, '\0');
  size_t size = 0;
  while (size < text.size()) {
    const auto got = ::read(file.number, text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return unreadable_key(path, what, std::strerror(errno));
    if (got == 0)
      break;
    size += static_cast<size_t>(got);
  }
  auto key = size > key_file_bytes_max
               ? result<std::string>{io::bad_line(path, 0, "", "a file of at most 4096 bytes",
                                                  "more", "check that this is the key's file")}
               : key_in(std::string_view{text}.substr(0, size), path, what, bytes_max);
  wipe(text);
  return key;
}

} // namespace sluice::net
