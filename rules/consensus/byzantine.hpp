/// The policy `byzantine`: values that a minority of the stake cannot move.
///
/// A field counts when validators with more than half of the reporting stake report it. A number is
/// then the lower median by stake of those who report it; anything else is the value that more than
/// half of the whole reporting stake reports. Otherwise there is no value: a conflict. A last_seen
/// is a number here. When the hotkey is in conflict every other field is too. Reporting stake: of
/// the validators whose latest reports are in the window, about the same hotkey. So with liars
/// below half of it, and honest validators that report the same fields, a number lies between two
/// honest ones, and any other value is that of an honest one. Where nobody's stake is known every
/// validator counts the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace sluice {

/// A number, and the stake (rao) behind it.
struct staked_number {
  double value = 0; // finite
  uint64_t stake_rao = 0;
};

/// The least value such that half or more of the stake states it or less. Not empty; without any
/// stake each counts the same. No error.
double stake_median(std::span<const staked_number> numbers);

} // namespace sluice
