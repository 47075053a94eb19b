/// Where a data folder has what, and what the folder must be before it is opened.
#pragma once

#include "rules/result.hpp"
#include "storage/batch.hpp"
#include "storage/files.hpp"
#include "storage/schema.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::storage {

/// A store and the folder that its file is in.
struct store_place {
  std::string_view store;
  std::string_view folder;
};

inline constexpr std::array<store_place, 3> store_places{{
  {node_store, "node"},
  {pool_events_store, "pool-events"},
  {devchain_store, "devchain"},
}};

/// Without "." and without a slash at the end.
std::filesystem::path tidy_path(const std::filesystem::path& path);

/// Is there a folder? bad_input when something else is in its place; else as disk_fault.
result<bool> is_folder_there(const std::filesystem::path& path);

/// Creates the folder, with `mode` whatever the umask is, and its missing parents. Faults: as
/// is_folder_there and disk_fault.
result<nothing> make_data_folder(const std::filesystem::path& path, new_files& made, uint32_t mode);

/// A folder without a marker is ours to take only when nobody else has put anything there. What a
/// creation that was killed can leave (the lock, half a marker) does not count, nor do keys of the
/// API that were made before the first start. bad_input with what to do.
result<nothing> demand_empty_folder(const std::filesystem::path& path);

/// Gives the folder and what a data folder has in it these rights, where they are others and this
/// process may. Answers a sentence when others could enter before that may not now; else "".
std::string set_data_rights(const std::filesystem::path& path, uint32_t file_mode);

/// All tables of a store, with those that a folder of the schema `schema_there` still has.
std::vector<std::string>
tables_of_store(std::string_view store, const schema& layout, uint32_t schema_there);

} // namespace sluice::storage
