/// XXH64: a fast 64-bit hash of bytes, against damage and not against adversaries.
#pragma once

#include <cstdint>
#include <string_view>

namespace sluice::storage {

/// The hash of any number of bytes, with any seed. By its specification,
/// https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md (section XXH64); the tests have
/// its published values. Reads eight bytes at a time, lowest byte first. Errors: none.
uint64_t xxh64(std::string_view bytes, uint64_t seed = 0);

} // namespace sluice::storage
