/// BLAKE2b-512 (RFC 7693) without a key, for checksums; nothing secret is hashed here.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace sluice {

/// 64 bytes.
using blake2b_digest = std::array<uint8_t, 64>;

/// Of any number of bytes; no error.
blake2b_digest blake2b_512(std::string_view bytes);

} // namespace sluice
