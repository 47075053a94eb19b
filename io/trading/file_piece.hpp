/// Reads a file of stake events piece by piece while it grows, and notices when it is another one.
#pragma once

#include "io/trading/rows.hpp"
#include "rules/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sluice::io {

/// How far a file was read. The digest names the file: device, inode, its first bytes (SHA-256 of
/// at most 4096 of those that were read), lines so far; "" for none yet.
struct file_place {
  uint64_t position = 0; // bytes, behind the end of a line
  std::string digest;
  bool operator==(const file_place&) const = default;
};

struct file_piece_options {
  event_row_options rows;
  size_t events_max = 20'000;         // of a piece, from 1
  size_t bytes_max = size_t{8} << 20; // of a piece, from event_line_bytes_max on
  /// Takes a last line without its end, too, if it is an event: nothing is waited for.
  bool takes_cut_line = false;
};

/// A piece: whole lines. Counts from 0.
struct file_piece {
  std::vector<trading_event> events;
  std::array<uint64_t, row_rejections> rejected{}; // by row_rejection
  std::vector<std::string> why;                    // of the first rejected ones, 20 at most
  uint64_t rows = 0;                               // lines that are not blank
  file_place place;                                // where the next piece begins
  bool at_end = true;                              // nothing more is there now
  bool replaced = false; // it is another file, or shorter, than `from` states: read from its start
};

/// The lines behind `from`; of another file, of one that begins otherwise and of one that is
/// shorter than what was read of it, those from its beginning. A line of more than 64 KiB and one
/// that is not UTF-8 are rejected rows. `ec::unreachable` when it cannot be read or is no file,
/// with what to do.
result<file_piece>
read_file_piece(const std::string& path, const file_place& from, const file_piece_options& options);

} // namespace sluice::io
