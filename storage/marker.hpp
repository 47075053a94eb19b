/// The small text file that states: this folder is a Sluice data folder, of this kind.
#pragma once

#include "rules/fields.hpp"
#include "storage/files.hpp"

#include <optional>

namespace sluice::storage {

/// Whose data it is. `seed` is the run's: any number of 64 bits. Another seed than the folder's is
/// `refused` by data_dir::open.
struct identity {
  std::string version; // of the program that created or last migrated it: [0-9A-Za-z.+-]
  uint64_t seed = 0;
  std::string config_digest; // same alphabet; "" when there is none
  SLUICE_FIELDS(version, seed, config_digest)
  bool operator==(const identity&) const = default;
};

/// What a start that was killed can have left.
enum class stores_state : uint8_t {
  ready = 0,
  making,  // the stores are being made: one that is missing is no loss
  sealing, // rows of schema 4 get their checksums, store by store
};

constexpr bool known(stores_state x) {
  return x <= stores_state::sealing;
}

/// `schema`: the version of the tables, from 1 to what the program knows (tables.hpp); a higher one
/// is read all the same, so that it can be refused by number. Then it is schema_mismatch. The id is
/// of folder_id.hpp; it and `stores` are there since schema 5 (stamped_since), and while a folder
/// is taken there.
struct marker {
  uint32_t schema = 0; // of the tables
  identity who;
  std::string folder = {}; // its id; "" before schema 5
  stores_state stores = stores_state::ready;
  SLUICE_FIELDS(schema, who, folder, stores)
  bool operator==(const marker&) const = default;
};

inline constexpr std::string_view marker_name = "SLUICE";

/// From this schema on stores carry stamps (stamp.hpp), rows checksums, the marker the folder's id.
inline constexpr uint32_t stamped_since = 5;

std::string to_text(const marker& x);

/// `name` begins the sentence of a fault, which is corrupt_data with the line's number. The schema
/// comes second and lines after it may be new ones: a newer folder can still state that it is
/// newer. `schema_max`: the highest version whose lines are all checked.
result<marker> parse_marker(std::string_view text, std::string_view name, uint32_t schema_max);

/// None when there is no marker. At most 4096 bytes are read; a longer file is corrupt_data, a
/// symbolic link bad_input (it is not followed), one that cannot be read as disk_fault.
result<std::optional<marker>> read_marker(const std::filesystem::path& folder, uint32_t schema_max);
/// Faults: invalid_argument for other letters than those of `identity`; else as write_whole.
result<nothing>
write_marker(const std::filesystem::path& folder, const marker& x, uint32_t file_mode = 0600);

} // namespace sluice::storage
