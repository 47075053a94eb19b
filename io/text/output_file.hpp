/// A file that is there whole or not at all.
#pragma once

#include "rules/result.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace sluice::io {

/// Collects text and shows it under its name only at commit(); until then, and after any failure or
/// kill, the name holds what it held before. "-" and names that are no regular file (a pipe, a
/// device) are written to as the text comes.
///
/// Errors: `ec::storage_full` (disk, quota or file-size limit; SIGXFSZ must be ignored),
/// `ec::unreachable` for the rest.
class output_file {
public:
  /// `mode`: of a file that is made, as of open(2); the process's mask is applied.
  static result<output_file> open(std::string path, unsigned mode = 0666);

  output_file(output_file&&) noexcept;
  output_file& operator=(output_file&&) noexcept;
  ~output_file(); // without commit(): leaves nothing behind

  /// Any number of bytes.
  result<nothing> write(std::string_view text);
  result<nothing> commit();

  const std::string& path() const { return path_; }

private:
  struct file;
  output_file() = default;
  result<nothing> flush();
  fault failed(int error) const;

  std::string path_;
  std::unique_ptr<file> file_;
  std::string buffer_;
};

} // namespace sluice::io
