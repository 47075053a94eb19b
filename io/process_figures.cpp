#include "io/process_figures.hpp"

#include <sys/resource.h>

#include <array>
#include <charconv>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>
#include <unistd.h>

namespace sluice::io {

namespace {

constexpr size_t stat_bytes_max = 4096;

/// Seconds since 1970 at which the system started: the line "btime N" of /proc/stat.
uint64_t system_started(const std::filesystem::path& proc) {
  std::ifstream in{proc / "stat"};
  std::string word;
  for (size_t i = 0; i < 1'000'000 && in >> word; ++i)
    if (uint64_t seconds = 0; word == "btime" && in >> seconds)
      return seconds;
  return 0;
}

uint64_t files_in(const std::filesystem::path& folder) {
  std::error_code error;
  uint64_t n = 0;
  for (std::filesystem::directory_iterator i{folder, error}, end; !error && i != end;
       i.increment(error))
    ++n;
  return n;
}

} // namespace

std::optional<process_figures>
parse_process_stat(std::string_view stat, uint64_t ticks, uint64_t page_bytes) {
  // The second field is a name in parentheses that may have any of the other characters.
  const auto name_end = stat.rfind(')');
  if (name_end == std::string_view::npos || ticks == 0)
    return std::nullopt;
  constexpr size_t first = 3; // the number of the field behind the name, as proc(5) counts
  constexpr size_t last = 24;
  std::array<uint64_t, last + 1> fields{};
  std::istringstream in{std::string{stat.substr(name_end + 1)}};
  std::string word;
  size_t field = first;
  for (; field <= last && in >> word; ++field) {
    if (field == first)
      continue; // a letter
    const auto [end, error]
      = std::from_chars(word.data(), word.data() + word.size(), fields.at(field));
    if (error != std::errc{} && word.front() != '-')
      return std::nullopt;
  }
  if (field <= last)
    return std::nullopt;
  process_figures x;
  x.cpu_seconds = static_cast<double>(fields[14] + fields[15]) / static_cast<double>(ticks);
  x.threads = fields[20];
  x.started = static_cast<double>(fields[22]) / static_cast<double>(ticks);
  x.virtual_bytes = fields[23];
  x.memory_bytes = fields[24] * page_bytes;
  return x;
}

std::optional<process_figures> read_process_figures(const std::filesystem::path& proc) {
  std::ifstream in{proc / "self" / "stat", std::ios::binary};
  std::string text(stat_bytes_max, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(in.gcount()));
  auto x = parse_process_stat(text, static_cast<uint64_t>(::sysconf(_SC_CLK_TCK)),
                              static_cast<uint64_t>(::sysconf(_SC_PAGESIZE)));
  if (!x)
    return x;
  x->started += static_cast<double>(system_started(proc));
  x->open_files = files_in(proc / "self" / "fd");
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0)
    x->open_files_max = files.rlim_cur;
  return x;
}

} // namespace sluice::io
