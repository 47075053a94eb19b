/// A folder goes on under a changed configuration: what changed, whether it may, and what is made
/// to fit.
#pragma once

#include "actors/mechanism_module.hpp"
#include "rules/config/node_config.hpp"
#include "rules/result.hpp"
#include "storage/data_dir.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace sluice {

/// `unix_ms`: milliseconds since 1970-01-01 UTC; may be empty, then 0 is written down.
struct adoption_request {
  std::filesystem::path data;
  storage::identity who; // of the configuration as it is now
  const node_config& config;
  mechanism_list mechanisms; // that the program has
  std::function<uint64_t()> unix_ms{};
  std::function<void(const std::string&)> say{}; // sentences for the operator; empty: nobody reads
};

/// With --adopt-config, before the folder is opened for the run: says what changed, key by key, and
/// answers ec::refused with every key that this folder cannot go on with. A folder that is not
/// there, has this configuration, or is of another seed is left to data_dir::open. Changes nothing
/// but the schema of an older folder. Faults otherwise: as data_dir::open and as the disk reports.
result<nothing> judge_adoption(const adoption_request& x, const storage::schema& layout);

/// Without --adopt-config: `why` itself, and when the folder was refused for its configuration also
/// what differs, and that --adopt-config would take it.
fault with_changes(const adoption_request& x, const storage::schema& layout, const fault& why);

/// Once the folder is open: the dev chain gets the neurons and parameters of the configuration
/// (rules/chain/reconcile.hpp), the configuration is stored, and what changed is written down as an
/// operator's action; in one commit, and only where something differs. ec::refused when a uid
/// cannot be had; else what the disk reports.
result<nothing> settle_adoption(const adoption_request& x, storage::data_dir& disk);

} // namespace sluice
