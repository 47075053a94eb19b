/// What a chart draws: lines and bands that stay small however long the window is, and keep every
/// high and low.
#pragma once

#include "rules/liquidity/plan.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sluice::tools {

/// A price over blocks, in slices of equal length that grow as it goes on.
class price_trace {
public:
  /// Prices of one slice, in the unit that `add` was given; they mean nothing while it is empty.
  struct slice {
    uint64_t block = 0; // first of the slice
    double low = 0;
    double high = 0;
    double last = 0;
    bool empty = true;
  };

  /// At most `slices_max` slices, an even number; blocks before `from` count as `from`. `from`: a
  /// block; `slices_max`: from 2, not checked.
  explicit price_trace(uint64_t from = 0, size_t slices_max = 1000)
    : from_(from), slices_max_(slices_max) {}

  /// Blocks ascend. `price`: any unit (here token1 per token0 in whole tokens), finite, not
  /// checked.
  void add(uint64_t block, double price);
  /// The slices in which something happened.
  std::vector<slice> slices() const;

private:
  void halve();

  uint64_t from_;
  size_t slices_max_;
  uint64_t width_ = 1; // blocks
  std::vector<slice> slices_;
};

/// A range that was held from one block to another. Blocks, both included; ticks as of Uniswap V3,
/// `lower` below `upper`. Not checked.
struct range_band {
  uint64_t from = 0;
  uint64_t to = 0;
  int32_t lower = 0; // ticks
  int32_t upper = 0;
  bool operator==(const range_band&) const = default;
};

/// The ranges of one vault; when there are too many, those that begin and end within one slice of
/// blocks become one that covers them, and the slices grow.
class band_trace {
public:
  /// `bands_max`: from 1, how many are kept. Not checked.
  explicit band_trace(size_t bands_max = 2000) : bands_max_(bands_max) {}

  /// The positions of one round, which began at `from`. Rounds ascend; a range that was there at
  /// the end of the round before goes on. `from`: the first block of the round; the positions'
  /// ranges are not checked.
  void add(uint64_t from, const std::vector<position_breakdown>& positions);
  std::vector<range_band> bands() const;

private:
  static void melt(std::vector<range_band>& bands, uint64_t width);

  size_t bands_max_;
  uint64_t width_ = 1;            // of a slice, in blocks
  std::vector<range_band> bands_; // by first block, more or less
};

/// Indices of at most `most` values, ascending: the first, the last, the lowest and the highest of
/// every stretch in between. All of them when they are few. `most` below 4 picks all of them too.
/// Values must be finite. Errors: none.
std::vector<size_t> picked(std::span<const double> values, size_t most);

} // namespace sluice::tools
