#include "sim/math/swap_step.hpp"

#include "sim/math/narrow_step.hpp"

namespace sluice {

std::optional<swap_math_step> step_swap(const u256& price, const u256& target, const stretch& here,
                                        const u256& remaining, bool exact_input, uint32_t fee) {
  if (here.value() == 0)
    return swap_math_step{target, {}, {}, {}};
  const bool plenty = !remaining.fits_u128();
  if (price.fits_u128() && target.fits_u128() && (plenty || remaining < narrow_end)) {
    narrow_step step(static_cast<u128>(price), static_cast<u128>(target), here,
                     static_cast<u128>(remaining), plenty, fee);
    if (step.take<true>(price >= target, exact_input)) {
      const auto& x = step.answer();
      return swap_math_step{x.next, x.in, x.out, x.fee};
    }
  }
  return compute_swap_step(price, target, here.value(), remaining, exact_input, fee);
}

} // namespace sluice
