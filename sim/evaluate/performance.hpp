/// One plan on its way through one window: what it holds, does and earns.
#pragma once

#include "sim/evaluate/evaluate_venue.hpp"

#include <string>

namespace sluice {

/// Empty when the plan can be played in the window, else why not.
std::string plan_fault(const window& market, const plan& what, pool_model model);

/// The venue moves on by itself; this does the plan's part. Blocks are block numbers, amounts
/// smallest units. Only open() fails.
class performance {
public:
  /// `where` and `market` must live as long. A proposal may have up to `positions_max` positions.
  performance(const window& market, venue& where, uint32_t positions_max,
              const evaluation_options& how = {})
    : market_(market), venue_(&where), positions_max_(positions_max), valuing_(how.valuing) {
    swaps_.by_value = how.range == range_measure::value;
  }

  /// Begins with a plan that has no plan_fault; ec::invalid_argument when the venue refuses one of
  /// its positions.
  result<nothing> open(const plan& what);
  /// After the last event of `block`; what is not allowed is noted as refused and changes nothing.
  void rebalance_at(uint64_t block, const std::vector<desired_position>& desired);
  /// What is there now, nothing withdrawn; no error.
  holdings holds() const { return {free_, venue_->held()}; }
  /// Rebalances executed so far.
  uint32_t rebalances() const { return out_.metrics.rebalances; }
  /// Whoever moves the venue on counts here.
  swap_count& swaps() { return swaps_; }
  /// Notes a rebalance at a block outside of the window.
  void miss(uint64_t block);
  /// The outcome at the window's end, at the price that the options state; no error.
  plan_outcome close() &&;

private:
  void take_out(uint64_t block, std::vector<size_t> which);
  std::string bring_in(uint64_t block, const desired_position& wanted);
  void finish(plan_outcome& out, venue_end end) const;
  void measure(plan_outcome& out, const token_amounts& owned) const;

  const window& market_;
  venue* venue_;
  uint32_t positions_max_;
  valuing_price valuing_;
  inventory free_;
  token_amounts start_; // everything that there was
  u256 start_price_;
  swap_count swaps_;
  std::vector<size_t> breakdowns_; // of the venue's positions, in its order
  plan_outcome out_;
};

} // namespace sluice
