/// Which part of what is stored an audit recomputes, and who is informed how far it is.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>

namespace sluice {

/// Rounds whose number is `from` to `to`, both included; of what has no rounds, and of miners'
/// records, everything. Not checked here: an audit answers bad_input for rounds that it has none
/// of.
struct audit_scope {
  uint64_t from = 0;
  uint64_t to = std::numeric_limits<uint64_t>::max();
  /// Called after each round: so many are done, of so many; both from 1. May be empty.
  std::function<void(uint64_t done, uint64_t total)> progress{};

  bool has(uint64_t number) const { return from <= number && number <= to; }
  bool is_everything() const { return from == 0 && to == std::numeric_limits<uint64_t>::max(); }
};

} // namespace sluice
