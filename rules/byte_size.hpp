/// A number of bytes as people write it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

/// "20GB", "512 MiB", "1.5TB", "4096": kB, MB, GB, TB are powers of 1000, KiB, MiB, GiB, TiB of
/// 1024; upper and lower case are one; at most three digits behind a point, which give whole bytes
/// or are cut. None for anything else, also for more than 2^63 - 1.
std::optional<uint64_t> parse_byte_size(std::string_view text);

/// The shortest of these that parse_byte_size reads as exactly `bytes`: "20GB", "4096".
std::string byte_size_text(uint64_t bytes);

/// For people, in powers of 1000 with one digit: "19.5 GB"; below 1000 "999 bytes".
std::string shown_bytes(uint64_t bytes);

} // namespace sluice
