/// SHA-256 (FIPS 180-4), to name things by their bytes; nothing secret is hashed here.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace sluice {

/// 32 bytes.
using sha256_digest = std::array<uint8_t, 32>;

/// Of any number of bytes; no error.
sha256_digest sha256(std::string_view bytes);

/// The same as 64 lower-case hex digits.
std::string sha256_hex(std::string_view bytes);

} // namespace sluice
