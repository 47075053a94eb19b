/// Reads a text file line by line, within bounds and in clean UTF-8.
#pragma once

#include "rules/limits.hpp"
#include "rules/result.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::io {

/// Is this well-formed UTF-8 (no overlong forms, no surrogates, nothing above U+10FFFF)?
bool is_utf8(std::string_view text);

/// Bytes as a user may see them: quoted, cut to some `bytes_max` bytes, control characters and
/// broken UTF-8 as \xNN. Call it io::quoted: std::quoted is found for a std::string otherwise. No
/// error.
std::string quoted(std::string_view text, size_t bytes_max = 40);

/// "FILE:LINE: field: expected ..., got ...; what to do" as a fault with `ec::bad_input`. Lines
/// count from 1; 0 leaves the line out.
fault bad_line(std::string_view file, uint64_t line, std::string_view field,
               std::string_view expected, std::string_view got, std::string_view what_to_do);

/// What to do with a line of a recording that cannot be right.
inline constexpr std::string_view correct_it = "correct this line or export the file again";

/// One line at a time; CRLF ends a line like LF does, blank lines are passed over but counted, a
/// byte order mark before the first line is ignored.
class line_reader {
public:
  /// Lines may have `line_bytes_max` bytes. Fails with `ec::unreachable` when the file cannot be
  /// opened (or is a folder), with `ec::bad_input` when it is larger than limits::file_bytes_max.
  static result<line_reader> open(std::string path, size_t line_bytes_max = limits::line_bytes_max);

  line_reader(line_reader&&) noexcept;
  line_reader& operator=(line_reader&&) noexcept;
  ~line_reader();

  /// The next line without its end, valid until the next call; none at the end of the file.
  /// Fails with `ec::bad_input` for a line that is too long or not UTF-8, with `ec::unreachable`
  /// when the disk does not deliver.
  result<std::optional<std::string_view>> next();

  /// The next call of next() gives the last line again, and from then on lines may have
  /// `line_bytes_max` bytes. Once for a line that next() gave (not checked): who has to see a first
  /// line opens the file once, and it may be a pipe.
  void again(size_t line_bytes_max = limits::line_bytes_max);

  const std::string& path() const { return path_; }
  /// Number of the line that next() gave last, from 1; 0 before the first.
  uint32_t number() const { return number_; }
  /// Did the line that next() gave last end with the file instead of with a newline?
  bool cut() const { return cut_; }
  /// How far the reading is, for progress: bytes handed out, line ends included.
  uint64_t bytes_read() const { return bytes_read_; }
  /// Bytes of the file when it was opened (0 for a pipe).
  uint64_t bytes_total() const { return bytes_total_; }

private:
  struct file;
  line_reader() = default;
  result<nothing> fill();

  std::string path_;
  std::unique_ptr<file> file_;
  std::string buffer_;
  size_t begin_ = 0; // first byte of buffer_ that was not handed out
  size_t last_ = 0;  // where the last line begins in it
  size_t line_bytes_max_ = 0;
  uint64_t bytes_read_ = 0;
  uint64_t bytes_total_ = 0;
  uint32_t number_ = 0;
  bool end_of_file_ = false;
  bool cut_ = false;
};

} // namespace sluice::io
