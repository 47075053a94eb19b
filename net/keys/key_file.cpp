#include "net/keys/key_file.hpp"

#include "io/text/lines.hpp"
#include "net/keys/other_key_files.hpp"
#include "net/keys/sr25519.hpp"
#include "net/keys/ss58.hpp"
#include "rules/nearest.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace sluice::net {

namespace {

constexpr size_t key_bytes_max = 4096;
constexpr std::array<std::string_view, 4> key_lines{"kind", "address", "public", "secret"};

struct descriptor {
  int number = -1;
  explicit descriptor(int x) : number(x) {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (number >= 0)
      ::close(number);
  }
};

fault unreadable(const std::string& path, int error) {
  return {ec::unreachable, path + ": cannot be read: " + std::strerror(error)
                             + (error == ENOENT ? "; make one: sluice keys new " + path : "")};
}

fault unwritable(const std::string& path, int error) {
  const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
  return {full ? ec::storage_full : ec::unreachable,
          path + ": cannot be written: " + std::strerror(error)
            + (error == ENOENT ? "; create the folder first" : "")};
}

/// The value of every line that a key file has, and where it stands.
class key_parser {
public:
  key_parser(std::string_view text, const std::string& name) : text_(text), name_(name) {}

  result<key_pair> read() {
    for (; !text_.empty() && why_.code == ec::none; ++line_)
      take_line();
    if (why_.code != ec::none)
      return why_;
    for (size_t i = 0; i < key_lines.size(); ++i)
      if (lines_[i] == 0)
        return wrong(line_ - 1, key_lines[i], "a line \"" + std::string{key_lines[i]} + " ...\"",
                     "none", "the file is not whole: restore it");
    return made_of_values();
  }

private:
  void take_line() {
    const auto end = std::min(text_.find('\n'), text_.size());
    auto line = text_.substr(0, end);
    text_.remove_prefix(std::min(end + 1, text_.size()));
    if (line.ends_with('\r'))
      line.remove_suffix(1);
    if (line.empty() || line.starts_with('#'))
      return;
    const auto space = line.find(' ');
    const auto name = line.substr(0, space);
    const auto at = static_cast<size_t>(std::find(key_lines.begin(), key_lines.end(), name)
                                        - key_lines.begin());
    if (at == key_lines.size()) {
      const auto near = nearest(name, key_lines);
      why_ = wrong(line_, "", "kind, address, public or secret and a value",
                   name.size() > 12 ? "another line" : io::quoted(name),
                   near ? "did you mean " + std::string{*near} + "?" : "remove the line");
    } else if (lines_[at] != 0) {
      why_ = wrong(line_, name, "it once",
                   "it again (line " + std::to_string(lines_[at]) + " has it)", "remove one");
    } else {
      lines_[at] = line_;
      values_[at] = space == std::string_view::npos ? std::string_view{} : line.substr(space + 1);
    }
  }

  result<key_pair> made_of_values() const {
    const auto kind = parse_signature_kind(values_[0]);
    if (!kind)
      return wrong(lines_[0], key_lines[0], "ed25519 or sr25519", io::quoted(values_[0]),
                   "correct the line");
    auto seed = from_hex<32>(values_[3]);
    if (!seed)
      return wrong(lines_[3], key_lines[3], "64 hexadecimal digits",
                   std::to_string(values_[3].size()) + " characters that are not that",
                   "restore the file");
    auto made = make_key_pair(secret_seed{*seed}, *kind);
    seed->fill(0);
    const auto open = from_hex<32>(values_[2]);
    if (!open)
      return wrong(lines_[2], key_lines[2], "64 hexadecimal digits", io::quoted(values_[2], 70),
                   "restore the file");
    if (*open != made.open)
      return wrong(lines_[2], key_lines[2], "the public key of this secret, " + to_hex(made.open),
                   to_hex(*open), "one of both is of another key: restore the file");
    if (values_[1] != made.address)
      return wrong(lines_[1], key_lines[1], "the address of this key, " + made.address,
                   io::quoted(values_[1], 60), "correct the line");
    return made;
  }

  fault wrong(uint64_t line, std::string_view field, const std::string& expected,
              const std::string& got, const std::string& what_to_do) const {
    return io::bad_line(name_, line, field, expected, got, what_to_do);
  }

  std::string_view text_;
  const std::string& name_;
  std::array<std::string_view, key_lines.size()> values_;
  std::array<uint64_t, key_lines.size()> lines_{}; // 0: not there
  uint64_t line_ = 1;
  fault why_;
};

} // namespace

key_pair make_key_pair(const secret_seed& secret, signature_kind kind) {
  const auto open = kind == signature_kind::sr25519 ? sr25519_secret::of_seed(secret).open()
                                                    : public_key_of(secret);
  return {kind, to_address(open), open, secret};
}

std::array<uint8_t, 64> sign(const key_pair& keys, std::string_view message) {
  return keys.kind == signature_kind::sr25519 ? sr25519_secret::of_seed(keys.secret).sign(message)
                                              : sign(keys.secret, message);
}

std::string write_key(const key_pair& keys) {
  auto secret = to_hex(keys.secret.bytes());
  std::string text;
  text.reserve(512); // one piece of memory, so that wiping it wipes all
  text.append("# A hotkey of Sluice. Who has this file speaks for it: keep it to yourself.\n")
    .append("kind ")
    .append(to_string(keys.kind))
    .append("\naddress ")
    .append(keys.address)
    .append("\npublic ")
    .append(to_hex(keys.open))
    .append("\nsecret ")
    .append(secret)
    .append("\n");
  wipe(secret);
  return text;
}

result<key_pair> parse_key(std::string_view text, const std::string& name) {
  if (text.size() > key_bytes_max)
    return io::bad_line(name, 0, "", "a key file of at most 4096 bytes", "more",
                        "check that this is a key file");
  if (text.empty())
    return io::bad_line(name, 0, "", "a key", "an empty file", "check that this is a key file");
  if (const auto other = other_key_form(text); other != key_form::own)
    return parse_other_key(text, name, other);
  return key_parser{text, name}.read();
}

result<nothing> write_key_file(const std::string& path, const key_pair& keys) {
  const descriptor file{::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600)};
  if (file.number < 0 && errno == EEXIST)
    return fault{ec::refused, path
                                + ": exists already and is never overwritten: expected a name "
                                  "that is free; choose another, or move this file away"};
  if (file.number < 0)
    return unwritable(path, errno);
  auto text = write_key(keys);
  size_t at = 0;
  int error = ::fchmod(file.number, 0600) == 0 ? 0 : errno; // whatever the umask is
  while (at < text.size() && error == 0) {
    const auto put = ::write(file.number, text.data() + at, text.size() - at);
    if (put >= 0)
      at += static_cast<size_t>(put);
    else if (errno != EINTR)
      error = errno;
  }
  wipe(text);
  if (error == 0 && ::fsync(file.number) != 0)
    error = errno;
  if (error == 0)
    return nothing{};
  ::unlink(path.c_str());
  return unwritable(path, error);
}

result<key_pair> read_key_file(const std::string& path) {
  const descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (file.number < 0)
    return unreadable(path, errno);
  struct stat facts {};
  if (::fstat(file.number, &facts) != 0)
    return unreadable(path, errno);
  if (!S_ISREG(facts.st_mode))
    return fault{ec::unreachable, path + ": cannot be read: expected a file"};
  if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return fault{ec::refused, path
                                + ": others may read or write it: expected mode 0600; "
                                  "chmod 600 "
                                + path + ", and make a new key if somebody could have read it"};
  std::string text(key_bytes_max + 1, '\0');
  size_t size = 0;
  while (size < text.size()) {
    const auto got = ::read(file.number, text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return unreadable(path, errno);
    if (got == 0)
      break;
    size += static_cast<size_t>(got);
  }
  auto made = parse_key(std::string_view{text}.substr(0, size), path);
  wipe(text);
  return made;
}

} // namespace sluice::net
