#include "io/text/lines.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace sluice::io {

namespace {

constexpr size_t chunk_bytes = 1 << 18;

/// Bytes of the UTF-8 sequence that starts at `at`, 0 when it is none.
size_t sequence_length(std::string_view text, size_t at) {
  auto byte = [&](size_t i) { return static_cast<uint8_t>(text[at + i]); };
  const auto left = text.size() - at;
  const auto first = byte(0);
  if (first < 0x80)
    return 1;
  size_t length = 0;
  uint32_t code = 0;
  if (first >= 0xc2 && first < 0xe0) {
    length = 2;
    code = first & 0x1f;
  } else if (first >= 0xe0 && first < 0xf0) {
    length = 3;
    code = first & 0x0f;
  } else if (first >= 0xf0 && first < 0xf5) {
    length = 4;
    code = first & 0x07;
  } else {
    return 0;
  }
  if (left < length)
    return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80)
      return 0;
    code = code << 6 | (byte(i) & 0x3f);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  return overlong || surrogate || code > 0x10ffff ? 0 : length;
}

/// Position of the first byte that is not UTF-8, npos when there is none.
size_t find_broken(std::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    uint64_t eight = 0;
    if (text.size() - at >= 8) { // ASCII goes by in steps of eight
      std::memcpy(&eight, text.data() + at, 8);
      if ((eight & 0x8080808080808080) == 0) {
        at += 8;
        continue;
      }
    }
    const auto length = sequence_length(text, at);
    if (length == 0)
      return at;
    at += length;
  }
  return std::string_view::npos;
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t") == std::string_view::npos;
}

fault unreachable(const std::string& path, int error) {
  const char* what_to_do = error == ENOENT   ? "check the path"
                           : error == EACCES ? "check its permissions"
                                             : "check the file and its disk";
  return {ec::unreachable, path + ": cannot be read: " + std::strerror(error) + "; " + what_to_do};
}

} // namespace

bool is_utf8(std::string_view text) {
  return find_broken(text) == std::string_view::npos;
}

std::string quoted(std::string_view text, size_t bytes_max) {
  constexpr char hex[] = "0123456789abcdef";
  std::string out = "\"";
  size_t at = 0;
  while (at < text.size() && at < bytes_max) {
    const auto length = sequence_length(text, at);
    const auto byte = static_cast<uint8_t>(text[at]);
    if (length == 0 || byte < 0x20 || byte == 0x7f) {
      out += "\\x";
      out += hex[byte >> 4];
      out += hex[byte & 15];
      ++at;
    } else {
      out.append(text, at, length);
      at += length;
    }
  }
  return out + (at < text.size() ? "...\"" : "\"");
}

fault bad_line(std::string_view file, uint64_t line, std::string_view field,
               std::string_view expected, std::string_view got, std::string_view what_to_do) {
  std::string what{file};
  if (line != 0)
    what += ":" + std::to_string(line);
  what += ": ";
  if (!field.empty())
    what.append(field).append(": ");
  what.append("expected ").append(expected).append(", got ").append(got);
  if (!what_to_do.empty())
    what.append("; ").append(what_to_do);
  return {ec::bad_input, std::move(what)};
}

struct line_reader::file {
  int descriptor = -1;
  explicit file(int fd) : descriptor(fd) {}
  file(const file&) = delete;
  file& operator=(const file&) = delete;
  ~file() { ::close(descriptor); }
};

line_reader::line_reader(line_reader&&) noexcept = default;
line_reader& line_reader::operator=(line_reader&&) noexcept = default;
line_reader::~line_reader() = default;

result<line_reader> line_reader::open(std::string path, size_t line_bytes_max) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    return unreachable(path, errno);
  line_reader reader;
  reader.file_ = std::make_unique<file>(descriptor);
  struct stat facts {};
  if (::fstat(descriptor, &facts) != 0)
    return unreachable(path, errno);
  if (S_ISDIR(facts.st_mode))
    return unreachable(path, EISDIR);
  if (S_ISREG(facts.st_mode))
    reader.bytes_total_ = static_cast<uint64_t>(facts.st_size);
  if (reader.bytes_total_ > limits::file_bytes_max)
    return bad_line(path, 0, "", "at most " + std::to_string(limits::file_bytes_max) + " bytes",
                    std::to_string(reader.bytes_total_), "split the file");
  reader.path_ = std::move(path);
  reader.line_bytes_max_ = line_bytes_max;
  return reader;
}

/// Reads one more chunk behind what was not handed out yet.
result<nothing> line_reader::fill() {
  buffer_.erase(0, begin_);
  begin_ = 0;
  const auto old_size = buffer_.size();
  buffer_.resize(old_size + chunk_bytes);
  ssize_t got = 0;
  do
    got = ::read(file_->descriptor, buffer_.data() + old_size, chunk_bytes);
  while (got < 0 && errno == EINTR);
  const auto error = errno;
  buffer_.resize(old_size + static_cast<size_t>(got < 0 ? 0 : got));
  if (got < 0)
    return unreachable(path_, error);
  end_of_file_ = got == 0;
  return nothing{};
}

result<std::optional<std::string_view>> line_reader::next() {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  for (;;) {
    size_t searched = begin_;
    size_t newline = buffer_.find('\n', searched);
    while (newline == std::string::npos && !end_of_file_
           && buffer_.size() - begin_ <= line_bytes_max_) {
      searched = buffer_.size() - begin_;
      if (auto filled = fill(); !filled)
        return filled.error();
      newline = buffer_.find('\n', searched);
    }
    cut_ = newline == std::string::npos;
    const auto end = cut_ ? buffer_.size() : newline;
    if (cut_ && begin_ == end)
      return std::optional<std::string_view>{};
    ++number_;
    if (end - begin_ > line_bytes_max_)
      return bad_line(path_, number_, "", "at most " + std::to_string(line_bytes_max_) + " bytes",
                      "a longer line", "check that this is the right file");
    std::string_view line{buffer_.data() + begin_, end - begin_};
    last_ = begin_;
    bytes_read_ += line.size() + (cut_ ? 0 : 1);
    begin_ = cut_ ? end : end + 1;
    if (number_ == 1 && line.starts_with(byte_order_mark))
      line.remove_prefix(byte_order_mark.size());
    if (line.ends_with('\r'))
      line.remove_suffix(1);
    if (const auto at = find_broken(line); at != std::string_view::npos)
      return bad_line(path_, number_, "byte " + std::to_string(at + 1), "UTF-8",
                      io::quoted(line.substr(at, 4)), "save the file as UTF-8 text");
    if (!is_blank(line))
      return std::optional{line};
  }
}

void line_reader::again(size_t line_bytes_max) {
  bytes_read_ -= begin_ - last_;
  begin_ = last_;
  --number_;
  line_bytes_max_ = line_bytes_max;
}

} // namespace sluice::io
