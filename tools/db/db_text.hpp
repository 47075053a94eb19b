/// How what `sluice db` found is shown: tables for people, JSON for programs.
#pragma once

#include "io/text/charset.hpp"
#include "tools/db/db_work.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::tools {

/// How wide a table may be, in columns, and in which letters.
struct db_style {
  size_t columns = 120;
  report::charset letters = report::charset::utf8;
};

/// 1234567 bytes as "1.23 MB": three digits, decimal units. Errors: none.
std::string db_bytes_text(uint64_t bytes);

/// "2026-12-01 05:06:07 UTC" of seconds since 1970-01-01 UTC; "" for 0 and less.
std::string utc_text(int64_t s);

/// Every text ends with a newline; JSON is one object on one line. `all_tables`: empty ones too.
std::string stat_table(const std::filesystem::path& folder, const storage::set_figures& x,
                       bool all_tables, const db_style& style);
std::string stat_json(const std::filesystem::path& folder, const storage::set_figures& x);

std::string
verdict_table(const std::filesystem::path& folder, const folder_verdict& x, const db_style& style);
std::string verdict_json(const std::filesystem::path& folder, const folder_verdict& x);

std::string backup_table(const storage::folder_backup_report& x);
std::string backup_json(const storage::folder_backup_report& x);

std::string
restore_table(const std::filesystem::path& from, const storage::folder_restore_report& x);
std::string
restore_json(const std::filesystem::path& from, const storage::folder_restore_report& x);

std::string compact_table(const std::filesystem::path& folder,
                          const std::vector<storage::compacted_store>& x, const db_style& style);
std::string
compact_json(const std::filesystem::path& folder, const std::vector<storage::compacted_store>& x);

/// `what`: "exported" or "imported"; `place`: where from or to.
std::string lines_table(std::string_view what, const std::string& place, const line_report& x);
std::string lines_json(std::string_view what, const std::string& place, const line_report& x);

std::string migration_table(const std::filesystem::path& folder, const migration_report& x);
std::string migration_json(const std::filesystem::path& folder, const migration_report& x);

} // namespace sluice::tools
