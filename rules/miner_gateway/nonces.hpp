/// Nonces that never come twice, not even after a restart.
#pragma once

#include "rules/fields.hpp"

#include <array>
#include <cstdint>
#include <string>

namespace sluice {

/// How many times the miner gateway of a data folder has begun. This is all that has to be
/// remembered against replays, whatever happened before: one number, written once per start.
///
/// When the miner gateway begins: read it, `next_incarnation`, store that, wait until it is
/// durable, and only then make a `nonce_source` of it. An incarnation that was stored and not used
/// costs nothing.
struct gateway_incarnation {
  uint64_t number = 0; // 0: none yet; from 1 on
  SLUICE_FIELDS(number)
  bool operator==(const gateway_incarnation&) const = default;
};

constexpr gateway_incarnation next_incarnation(gateway_incarnation last) {
  return {last.number + 1};
}

/// Nonces of one incarnation: each is the hash of incarnation, count and 32 random bytes, so that
/// two are equal neither when the random bytes repeat (a copied machine, a broken source) nor when
/// a data folder is restored from a backup; only both together could do it.
class nonce_source {
public:
  /// `kept` must be durable.
  explicit nonce_source(gateway_incarnation kept) : incarnation_(kept) {}

  /// 64 lower-case hexadecimal digits.
  std::string next(const std::array<uint8_t, 32>& random);

private:
  gateway_incarnation incarnation_;
  uint64_t count_ = 0;
};

} // namespace sluice
