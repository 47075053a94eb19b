/// What a backup states about itself: the file DIGEST beside its data.
#pragma once

#include "rules/result.hpp"
#include "storage/backup.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace sluice::storage {

inline constexpr std::string_view digest_name = "DIGEST";

/// Of which store, and what its tables hold.
struct stated_digest {
  std::string store;
  store_digest tables;
};

/// Lines of text: "table NAME ROWS CHECKSUM" between a head and an end. No error.
std::string digest_text(const stated_digest& x);

/// Of the folder of a backup; at most 1 MiB. ec::corrupt_data with the line that is none; else what
/// the disk reports.
result<stated_digest> read_digest(const std::filesystem::path& folder);

/// "" when both are the same; else what is not. No error.
std::string difference_of_digests(const store_digest& a, const store_digest& b);

} // namespace sluice::storage
