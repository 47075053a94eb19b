/// The trading ledger of a data folder without a node: import, rebuild, check, export.
#pragma once

#include "io/trading/event_file.hpp"
#include "io/trading/world_file.hpp"
#include "rules/trading/config.hpp"
#include "storage/trading/plan.hpp"
#include "storage/trading/queries.hpp"

#include <cstdint>
#include <cstdio>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::tools {

struct ledger_folder_options {
  std::string path;
  bool write = false;                      // else the folder is only read, also beside a node
  const storage::schema* layout = nullptr; // with the trading tables; null: these alone
  std::string version;                     // of this program, for a folder that is created
};

/// What an import takes.
struct import_options {
  std::vector<std::string> files;
  std::vector<std::string> pool_files; // JSON lines of pool_data; the last row of a subnet counts
  io::event_row_options rows;
  bool strict = false;    // stop at the first rejected row; passes that were done stay
  std::string world_file; // "": the world that is stored
  const trading_settings* settings = nullptr; // terms and blacklist; null: those that are stored
  std::optional<int64_t> now_us;              // none: that of settings, world file, else `clock_us`
  int64_t clock_us = 0;                       // the present
};

struct import_report {
  io::event_file_counts rows;
  storage::plan_counts plan;
  uint64_t files = 0;
  uint64_t pools = 0;              // rows of pools that were taken
  io::event_file_counts pool_rows; // of files of pools: those that are none are rejected
};

/// A data folder opened for the ledger.
class ledger_folder {
public:
  /// Opens; with `write` a folder that is not there is created, and one that a node has is busy
  /// with advice. Faults: as data_dir::open.
  static result<ledger_folder> open(const ledger_folder_options& options);

  /// Imports in passes of `pass_events` events, each durable before the next begins. `progress`:
  /// percent 0 to 100. Faults: of files, of the world file, of the disk; invalid_argument without
  /// any file. Pools come last, in one commit.
  result<import_report>
  import(const import_options& options, const std::function<void(int)>& progress = {},
         size_t pass_events = 500'000);

  /// Calculates every book anew from its events and writes what differs.
  result<storage::plan_counts> rebuild();

  /// Archives what is older than the retention states, at the moment of the setup.
  result<uint64_t> archive(const trading_retention& retention);

  result<storage::integrity_report> check() const;

  const storage::data_dir& disk() const { return disk_; }
  /// What the books are calculated with: stored, or defaults with an empty world.
  const storage::ledger_setup& setup() const { return setup_; }

private:
  explicit ledger_folder(storage::data_dir disk) : disk_(std::move(disk)) {}
  result<nothing> take_setup(const import_options& options);
  result<nothing> take_pools(const import_options& options, import_report& report);

  storage::data_dir disk_;
  storage::ledger_setup setup_;
};

/// The setup of a node or an import: terms and blacklist of the settings, the world of its world
/// file (empty without one), the moment.
result<storage::ledger_setup> ledger_setup_from(const trading_settings& settings, int64_t now_us);

/// Writes all events that match in our own form, JSON lines. False of `fputs` is unreachable.
result<uint64_t> export_events(const storage::data_dir& disk, const position_filter& filter,
                               const std::function<bool(std::string_view)>& write);

} // namespace sluice::tools
