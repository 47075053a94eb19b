/// Rows that may go: planned here and in storage/M, removed a bounded portion at a time.
#pragma once

#include "rules/config/storage_settings.hpp"
#include "rules/result.hpp"
#include "storage/batch.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace sluice::storage {

class data_dir;

/// Erases of one portion, about: what belongs together (a round) is not torn apart.
inline constexpr size_t retention_erases_max = 2000;

/// What goes next. `writes` is one commit: erases, and the row that states what they removed.
/// Nothing to remove: no writes. `more`: there is another portion, once this one is durable.
struct retention_portion {
  batch writes;
  bool more = false;
  std::string what; // for people: "rounds 1 to 32 of weth-usdc"
};

/// The node's own tables: weights, their parts and extrinsics by keep_epochs, what operators did by
/// keep_actions. The newest confirmed weights stay however old they are, because the next ones are
/// compared with them. An extrinsic goes with the weights that it carried. Pure but for reading the
/// disk; faults: what that reports.
result<retention_portion>
plan_general_retention(const data_dir& disk, const storage_settings& settings);

} // namespace sluice::storage
