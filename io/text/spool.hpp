/// Bytes that are written once and read again anywhere: in memory while they are few, else in a
/// file without a name.
#pragma once

#include "rules/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace sluice::io {

/// Grows at its end only. The file is in $TMPDIR, else in /var/tmp, else in /tmp, and goes away by
/// itself, whatever ends us.
///
/// Errors: `ec::storage_full` (disk, quota or file-size limit), `ec::unreachable` for the rest.
class spool {
public:
  static constexpr size_t memory_bytes = 4 << 20; // then a file is made

  /// Keeps up to `memory_max` bytes in memory, and a file beyond that.
  explicit spool(size_t memory_max = memory_bytes);
  spool(spool&&) noexcept;
  spool& operator=(spool&&) noexcept;
  ~spool();

  /// Any number of bytes.
  result<nothing> append(std::string_view bytes);
  /// Bytes so far.
  uint64_t size() const { return written_ + tail_.size(); }
  /// Fills `into` with the bytes from `at` on; none may lie behind the end (not checked).
  result<nothing> read(uint64_t at, std::span<char> into) const;
  /// Is there a file?
  bool on_disk() const { return file_ != nullptr; }

private:
  struct file;
  result<nothing> make_file();
  result<nothing> flush();
  fault failed(const char* what, int error) const;

  std::unique_ptr<file> file_;
  std::string folder_;
  std::string tail_;     // what is not in the file
  uint64_t written_ = 0; // bytes of the file
  size_t memory_max_;
};

} // namespace sluice::io
