/// Nonces that never come twice, not even after a restart.
#pragma once

#include "rules/fields.hpp"

#include <array>
#include <cstdint>
#include <string>

namespace sluice {

/// How many times the door of a data folder has begun. This is all that has to be remembered
/// against replays, whatever happened before: one number, written once per start.
///
/// When the door begins: read it, `next_life`, store that, wait until it is durable, and only then
/// make a `nonce_source` of it. A life that was stored and not used costs nothing.
struct door_life {
  uint64_t number = 0;
  SLUICE_FIELDS(number)
  bool operator==(const door_life&) const = default;
};

constexpr door_life next_life(door_life last) {
  return {last.number + 1};
}

/// Nonces of one life: each is the hash of life, count and 32 random bytes, so that two are equal
/// neither when the random bytes repeat (a copied machine, a broken source) nor when a data
/// folder is restored from a backup; only both together could do it.
class nonce_source {
public:
  /// `kept` must be durable.
  explicit nonce_source(door_life kept) : life_(kept) {}

  /// 64 lower-case hexadecimal digits.
  std::string next(const std::array<uint8_t, 32>& random);

private:
  door_life life_;
  uint64_t count_ = 0;
};

} // namespace sluice
