/// What shares of a data folder are calculated from when no node states it.
#pragma once

#include "rules/leads/config.hpp"
#include "rules/leads/shares.hpp"
#include "rules/result.hpp"
#include "storage/data_dir.hpp"

#include <cstdint>

namespace sluice {

/// `time_us`: end of the window, microseconds since 1970-01-01 UTC.
struct share_basis {
  leads_settings settings; // of the last publish; the defaults when there was none
  int64_t time_us = 0;
  hotkey k_miner;
};

/// The moment is the latest of the last step's and of what a node stored since; of a folder that
/// was only imported into, that of the import. Faults: what the disk reports.
result<share_basis> basis_of_shares(const storage::data_dir& disk);

/// The shares of all documents on this basis. Faults: what the disk reports.
result<share_report> shares_on(const storage::data_dir& disk, const share_basis& basis);

} // namespace sluice
