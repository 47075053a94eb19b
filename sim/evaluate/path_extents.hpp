/// Between which prices a window stays, block by block: what never came near need not be played.
#pragma once

#include "sim/evaluate/window.hpp"

namespace sluice {

/// The lowest and the highest price (sqrtPriceX96) of some blocks, the one before them included,
/// and the number of their swaps.
struct path_extent {
  u256 lowest;
  u256 highest;
  uint64_t swaps = 0;
};

/// Made once for a window and asked by every plan: single blocks, and chunks of them. No function
/// here fails.
class path_extents {
public:
  /// Blocks of a chunk.
  static constexpr size_t chunk_blocks = 64;

  explicit path_extents(const window& market);

  /// Of block `index` of the window, 0 to its number of blocks - 1 (not checked).
  const path_extent& block(size_t index) const { return blocks_[index]; }
  /// Of the blocks from `chunk_blocks * index` on, where there are so many; 0 to the number of
  /// begun chunks - 1 (not checked).
  const path_extent& chunk(size_t index) const { return chunks_[index]; }

private:
  std::vector<path_extent> blocks_;
  std::vector<path_extent> chunks_;
};

} // namespace sluice
