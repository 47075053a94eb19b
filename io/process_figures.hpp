/// What the operating system counts about this process.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

namespace sluice::io {

/// All from 0. `cpu_seconds`: user and system time; `started`: seconds since 1970-01-01 UTC, to a
/// hundredth; bytes are bytes, the rest are counts. Errors: none.
struct process_figures {
  double cpu_seconds = 0;
  uint64_t memory_bytes = 0;
  uint64_t virtual_bytes = 0;
  uint64_t open_files = 0;
  uint64_t open_files_max = 0;
  uint64_t threads = 0;
  double started = 0;
};

/// Of the text of /proc/PID/stat (proc(5)); files and limits are left at 0, and `started` is since
/// the system's start. Ticks are per second, pages in bytes, both above 0. None when the text is of
/// another form.
std::optional<process_figures>
parse_process_stat(std::string_view stat, uint64_t ticks, uint64_t page_bytes);

/// Now, from a folder as /proc is; none where there is none.
std::optional<process_figures> read_process_figures(const std::filesystem::path& proc = "/proc");

} // namespace sluice::io
