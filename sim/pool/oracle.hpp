/// The pool's ring of observations (Uniswap's Oracle).
#pragma once

#include "sim/pool/pool_types.hpp"

#include <array>
#include <optional>
#include <span>
#include <vector>

namespace sluice {

/// 160 bits as they are stored, 0 to 2^160 - 1; reading and writing wraps like the contract's
/// uint160, without an error.
class stored_u160 {
public:
  stored_u160() = default;
  /// Modulo 2^160.
  explicit stored_u160(const u256& x) {
    for (size_t i = 0; i < 5; ++i)
      parts_[i] = static_cast<uint32_t>(x.limb(i / 2) >> (32 * (i % 2)));
  }
  /// 0 to 2^160 - 1.
  u256 value() const {
    auto pair = [this](size_t i) { return uint64_t{parts_[i + 1]} << 32 | parts_[i]; };
    return u256::from_limbs({pair(0), pair(2), parts_[4], 0});
  }
  bool operator==(const stored_u160&) const = default;

private:
  std::array<uint32_t, 5> parts_{};
};

/// What has accumulated at one moment; both wrap around, as in the contract.
struct cumulatives {
  int64_t tick_cumulative = 0;     // sum of tick * seconds; int56
  u256 seconds_per_liquidity_x128; // sum of seconds / L, times 2^128; uint160
};

/// The pool at the moment an observation is made or read.
struct oracle_view {
  uint32_t now = 0;         // block time, unix seconds modulo 2^32
  int32_t tick = 0;         // -887272 to 887271
  u128 liquidity = 0;       // L in range, 0 to 2^128 - 1; 0 counts as 1
  uint16_t index = 0;       // of the newest observation, 0 to cardinality - 1
  uint16_t cardinality = 0; // slots in use, 1 to 65535
};

/// Holds only the slots that were written; the grown ones are known by their number. Space for all
/// of them is reserved (not touched), so that a swap never allocates. The oracle itself has no
/// errors.
class oracle {
public:
  oracle() = default;
  oracle(const oracle& other);
  oracle& operator=(const oracle& other);
  oracle(oracle&&) noexcept = default;
  oracle& operator=(oracle&&) noexcept = default;
  ~oracle() = default;

  /// The first slot, written when the pool is initialized, at block time `now` (unix seconds modulo
  /// 2^32, as all times here).
  void initialize(uint32_t now);
  /// Makes space for `cardinality_next` slots, 0 to 65535; never shrinks, a smaller number changes
  /// nothing.
  void grow(uint16_t cardinality_next);
  /// Oracle.write: at most one observation per timestamp; answers the new index and cardinality.
  /// The oracle is initialized and `view.index` is of a slot that was written (not checked:
  /// undefined).
  std::pair<uint16_t, uint16_t> write(const oracle_view& view);
  /// Oracle.observeSingle for 0 seconds ago: accumulated up to `view.now`; preconditions as of
  /// `write`.
  cumulatives observe_now(const oracle_view& view) const;
  /// Oracle.observeSingle: accumulated up to `seconds_ago` seconds before (0 to 2^32 - 1); none
  /// when that is older than all observations (OLD). Preconditions as of `write`.
  std::optional<observation> observe(const oracle_view& view, uint32_t seconds_ago) const;

  /// A slot, as `observations(i)` of the contract: any index is allowed, one that was never written
  /// is not initialized.
  observation at(uint16_t index) const;
  /// Slots that there is space for: 0 before initialize, then 1 to 65535.
  uint16_t cardinality_next() const { return cardinality_next_; }
  /// Slots that were written, 0 to cardinality_next().
  uint16_t written() const { return static_cast<uint16_t>(slots_.size()); }

  /// What the next `initialize`, `grow` or `write` changes at most.
  struct kept;
  /// That, as it is now; the index and the cardinality as of `write`, anything before initialize.
  kept keep(const oracle_view& view) const;
  /// Back to where `before` was kept, after at most one of these three (more are undefined).
  void put_back(const kept& before);

  /// Replaces everything: slots from 0 on, at most `cardinality_next`; the caller has checked that
  /// it fits together.
  void restore(std::span<const observation> written, uint16_t cardinality_next);

  /// Bytes on the heap, with the space for slots to come.
  size_t memory() const { return slots_.capacity() * sizeof(slot); }

  bool operator==(const oracle&) const = default;

private:
  struct slot {
    uint32_t block_timestamp = 0;
    stored_u160 seconds_per_liquidity_x128;
    int64_t tick_cumulative = 0;
    bool operator==(const slot&) const = default;
  };

  /// Where `write` goes: the index, and the cardinality from then on.
  std::pair<uint16_t, uint16_t> next(const oracle_view& view) const;
  static slot transform(const slot& last, uint32_t now, int32_t tick, u128 liquidity);
  static observation show(const slot& x);
  /// A slot of the ring with the contract's "initialized".
  const slot* initialized(uint32_t index) const;
  std::optional<observation> search(const oracle_view& view, uint32_t target) const;

  std::vector<slot> slots_;
  uint16_t cardinality_next_ = 0;
};

struct oracle::kept {
  uint16_t cardinality_next = 0;
  uint16_t written = 0;
  uint16_t index = 0; // of the slot that a write may overwrite
  slot overwritten{};
};

} // namespace sluice
