#include "io/config/config_log.hpp"

#include <string>

namespace sluice::io {

namespace {

constexpr size_t log_path_bytes_max = 4096;
constexpr uint64_t log_bytes_least = 4'096;
constexpr uint64_t log_bytes_most = 1'000'000'000'000;
constexpr uint64_t log_age_least_s = 60;
constexpr uint64_t log_age_most_s = 1'000'000'000;
constexpr uint64_t logs_kept_most = 1'000;

/// From `least`, or 0, which is no bound.
void read_bound(config_table& table, std::string_view key, uint64_t& out, uint64_t least,
                uint64_t most) {
  table.read(key, out, 0, most);
  if (table.fine() && out != 0 && out < least)
    table.refuse(key, "0 (no bound) or at least " + std::to_string(least), std::to_string(out));
}

} // namespace

void read_log(config_table& table, log_settings& out) {
  table.allow({"file", "max_bytes", "max_age_s", "keep"});
  table.read("file", out.file, config_table::letters::path, log_path_bytes_max);
  read_bound(table, "max_bytes", out.bytes_max, log_bytes_least, log_bytes_most);
  read_bound(table, "max_age_s", out.age_max_s, log_age_least_s, log_age_most_s);
  table.read("keep", out.keep, 0, logs_kept_most);
}

} // namespace sluice::io
