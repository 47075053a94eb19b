/// A set of writes that happen together or not at all.
#pragma once

#include "rules/fields.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sluice::storage {

/// The environments of a data folder, by the name that batches use.
inline constexpr std::string_view node_store = "node";
inline constexpr std::string_view pool_events_store = "pool_events";
inline constexpr std::string_view devchain_store = "devchain";

/// One row put or erased. Key and value are bytes (key.hpp, codec.hpp); tables make them.
struct write {
  std::string store;
  std::string table;
  std::string key;
  std::string value; // empty when erased
  bool erase = false;
  SLUICE_FIELDS(store, table, key, value, erase)
  bool operator==(const write&) const = default;
};

/// In order; a later write of the same key wins. May touch several stores (data_dir::commit).
struct batch {
  std::vector<write> writes;
  SLUICE_FIELDS(writes)
  bool operator==(const batch&) const = default;
};

} // namespace sluice::storage
