/// All positions ever minted in a pool, found by key.
#pragma once

#include "sim/pool/pool_types.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace sluice {

/// A hash index over two flat lists, so that a copy is three block copies. Like the contract's
/// mapping it forgets nothing. Nothing fails but for want of memory (std::bad_alloc).
class pool_positions {
public:
  /// Positions, below 2^32; collected and burned ones stay.
  size_t size() const { return keys_.size(); }
  /// Null when there is none; valid until the next `put`.
  const position_info* find(const position_key& key) const;
  position_info* find(const position_key& key);
  /// Inserts or overwrites.
  void put(const position_key& key, const position_info& info);
  /// Space for `count` positions in all.
  void reserve(size_t count);
  /// All of them as `see(key, info)`, in no particular order.
  template <class See>
  void for_each(See see) const {
    for (size_t i = 0; i < keys_.size(); ++i)
      see(keys_[i], infos_[i]);
  }
  /// All of them, ascending by key.
  std::vector<std::pair<position_key, position_info>> sorted() const;

  /// Bytes on the heap, without the object itself.
  size_t memory() const {
    return keys_.capacity() * sizeof(position_key) + infos_.capacity() * sizeof(position_info)
           + slots_.capacity() * sizeof(uint32_t);
  }

  /// The same positions, in whatever order they came.
  bool operator==(const pool_positions& other) const;

private:
  size_t slot_of(const position_key& key) const;
  void rehash(size_t slots);

  std::vector<position_key> keys_;
  std::vector<position_info> infos_;
  std::vector<uint32_t> slots_; // 0 is free, else an index plus one; a power of two of them
};

} // namespace sluice
