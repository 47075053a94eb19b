/// One plan on its way through one window: what it holds, does and earns.
#pragma once

#include "sim/evaluate/evaluate_venue.hpp"

#include <string>

namespace sluice {

/// Empty when the plan can be played in the window, else why not.
std::string plan_fault(const window& market, const plan& what, pool_model model);

/// The venue moves on by itself; this does the plan's part.
class performance {
public:
  /// `where` must live as long.
  performance(const window& market, venue& where, uint32_t positions_max)
    : market_(market), venue_(&where), positions_max_(positions_max) {}

  result<nothing> open(const plan& what);
  void rebalance_at(uint64_t block, const std::vector<desired_position>& desired);
  /// Whoever moves the venue on counts here.
  swap_count& swaps() { return swaps_; }
  void miss(uint64_t block);
  plan_outcome close() &&;

private:
  void take_out(uint64_t block, std::vector<size_t> which);
  std::string bring_in(uint64_t block, const desired_position& wanted);
  void settle(size_t story, uint64_t block, const withdrawal& paid);
  void measure(const token_amounts& owned);

  const window& market_;
  venue* venue_;
  uint32_t positions_max_;
  inventory free_;
  token_amounts start_; // everything that there was
  u256 start_price_;
  swap_count swaps_;
  std::vector<size_t> stories_; // of the venue's positions, in its order
  plan_outcome out_;
};

} // namespace sluice
