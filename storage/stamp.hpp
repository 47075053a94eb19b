/// Who a store is: whose folder it belongs to, and how far it and the other stores have come.
#pragma once

#include "rules/result.hpp"
#include "storage/marker.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string>

namespace sluice {

/// The one row of the table `stamp` of every store of a data folder (tables::stamp_in). Written by
/// data_dir in the transaction of every commit. A row that cannot be decoded is corrupt_data.
struct store_stamp {
  std::string folder;                    // its id: storage::is_folder_id
  std::string store;                     // the store's own name in batches
  uint32_t format = 1;                   // 1: eight bytes of checksum behind each value
  storage::identity who;                 // as in the marker, which can be made again from it
  uint64_t commit = 0;                   // number of the last commit that this store took part in
  std::map<std::string, uint64_t> known; // the same of every other store, as this one knows it
  SLUICE_FIELDS(folder, store, format, who, commit, known)
  bool operator==(const store_stamp&) const = default;
};

namespace storage {

/// The form of rows that this program writes.
inline constexpr uint32_t row_format = 1;

/// The number of the last commit over all stores; 0 when there are no stamps.
uint64_t last_commit_of(std::span<const store_stamp> stamps);

/// Do these stores belong together? Each must state the folder's id (`id`; "": that of the first
/// one), the name of the place that it is in (`places`, as many as stamps, in the same order) and a
/// format that this program reads. corrupt_data with the store that is wrong, what it is and what
/// to do, or schema_mismatch (format); `where`, the folder, begins the sentence.
result<nothing>
check_identity(std::span<const store_stamp> stamps, std::span<const std::string> places,
               const std::string& id, const std::string& where);

/// check_identity, and that none is older than another one knows it: for stores that nobody writes
/// meanwhile (else see known_to_others).
result<nothing> check_set(std::span<const store_stamp> stamps, std::span<const std::string> places,
                          const std::string& id, const std::string& where);

/// For every store the highest number that another one, or `at_least`, knows of it. Where a writer
/// goes on meanwhile: take this first, then read the stamps again and compare their own numbers.
std::map<std::string, uint64_t>
known_to_others(std::span<const store_stamp> stamps, std::map<std::string, uint64_t> at_least = {});

/// corrupt_data when one of the stores has not come as far as `known` states; else as check_set.
result<nothing> check_age(std::span<const store_stamp> stamps,
                          const std::map<std::string, uint64_t>& known, const std::string& where);

/// What to do about a set of stores that is damaged: the end of every such sentence.
std::string advice_to_restore(const std::string& folder);

} // namespace storage
} // namespace sluice
