/// Checkpoints as versions up to 0.2.0 wrote them.
#pragma once

#include "storage/liquidity/records.hpp"

#include <cstdint>
#include <string>

namespace sluice::test {

/// Of a market's full checkpoint: its cursor holds the pool's own bytes as well. Errors: none; of
/// other checkpoints it makes nonsense.
inline checkpoint as_version_0_2_0(checkpoint x) {
  constexpr size_t terms_bytes = 16; // of the replica, before the pool's bytes
  auto& bytes = x.cursor;
  bytes[14] = '1';
  bytes.resize(bytes.size() - 16); // without digest and checksum
  bytes += x.replica.substr(terms_bytes);
  uint64_t sum = 0xcbf29ce484222325;
  for (const char c : bytes)
    sum = (sum ^ static_cast<uint8_t>(c)) * 0x100000001b3;
  for (int i = 0; i < 8; ++i)
    bytes += static_cast<char>(sum >> (8 * i) & 0xff);
  return x;
}

} // namespace sluice::test
