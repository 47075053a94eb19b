/// Reads files of stake events line by line, and counts what is no event.
#pragma once

#include "io/text/lines.hpp"
#include "io/trading/rows.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sluice::io {

/// What was read of files so far.
struct event_file_counts {
  uint64_t rows = 0;                               // lines that are not blank
  std::array<uint64_t, row_rejections> rejected{}; // by row_rejection
  std::vector<std::string> why;                    // of the first rejected ones, 20 at most
  uint64_t rejected_rows() const;
  void add(const stake_row& row);
  void add(const event_file_counts& other);
};

/// Lines of at most 64 KiB.
inline constexpr size_t event_line_bytes_max = size_t{64} << 10;

class event_file {
public:
  /// Faults: as line_reader::open.
  static result<event_file>
  open(const std::string& path, const event_row_options& options, bool strict);

  /// Up to `events_max` more events, appended to `out`; false at the end of the file. A rejected
  /// row is counted, or with `strict` the fault (bad_input with line, column, reason). Faults of
  /// the reader: a line that is too long or not UTF-8, a disk that does not deliver.
  result<bool> read(std::vector<trading_event>& out, size_t events_max);

  const event_file_counts& counts() const { return counts_; }
  uint64_t bytes_read() const { return lines_.bytes_read(); }
  uint64_t bytes_total() const { return lines_.bytes_total(); }

private:
  event_file(line_reader lines, event_row_options options, bool strict)
    : lines_(std::move(lines)), options_(options), strict_(strict) {}

  line_reader lines_;
  event_row_options options_;
  bool strict_;
  event_file_counts counts_;
};

} // namespace sluice::io
