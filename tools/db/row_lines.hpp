/// A data folder as lines of JSON, and a new one out of such lines.
#pragma once

#include "rules/fields.hpp"
#include "rules/result.hpp"
#include "storage/guarded_work.hpp"
#include "storage/manifest.hpp"
#include "storage/marker.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace sluice::tools {

/// What an export or an import came to. `commit`: number of the last commit over all stores; rows
/// are counted.
struct line_report {
  storage::marker mark;
  uint64_t commit = 0;
  uint64_t rows = 0;
  std::string checksum; // of the rows, 16 hexadecimal digits
  SLUICE_FIELDS(mark, commit, rows, checksum)
};

struct export_order {
  std::filesystem::path data;
  std::string store; // "": all
  std::string table; // "": all
  uint32_t schema_max = 0;
};

/// Where lines go, each with its end.
using line_sink = std::function<result<nothing>(std::string_view line)>;

/// Writes a folder as it is at one moment, beside a running node or of a backup: first a line with
/// whose data it is, then a line per row, `{"store":...,"table":...,"key":HEX,"value":HEX}`, stores
/// and keys in order, values without the checksum behind them; last a line with number and checksum
/// of the rows. Bytes that are damaged may end the process (run_guarded). Faults: no_such_key for a
/// store or table that is not there, corrupt_data for a row that is damaged, those of folder_set
/// and of `sink`.
result<line_report>
export_lines(const export_order& order, const line_sink& sink, storage::work_progress& progress);

struct import_order {
  std::filesystem::path from; // "-": standard input
  std::filesystem::path data; // where nothing is yet, or an empty folder
  uint32_t schema_max = 0;
};

/// Called now and then with bytes read and, of a file, in all.
using bytes_shown = std::function<void(uint64_t done, uint64_t total)>;

/// Makes a new data folder of a whole export, row by row as they were. Lines have 512 MiB at most.
/// bad_input with file and line: no export of a whole folder, a line that is none, a row out of
/// order, an end that does not fit; refused: something is at `data`; schema_mismatch: of a newer
/// version; else what the disk reports. What was begun is taken away then.
result<line_report> import_lines(const import_order& order, const bytes_shown& shown = {});

} // namespace sluice::tools
