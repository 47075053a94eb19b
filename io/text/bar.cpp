#include "io/text/bar.hpp"

#include "rules/math/u256.hpp"

namespace sluice::report {

uint64_t round_share::percent() const {
  if (all == 0)
    return 0;
  return static_cast<uint64_t>(u128{done} * 100 / all);
}

std::string bar_of(const round_share& x, size_t cells, charset letters) {
  const auto full = static_cast<size_t>(x.percent()) * cells / 100;
  const auto& forms = forms_of(letters);
  std::string text;
  for (size_t i = 0; i < cells; ++i)
    text += i < full ? forms.bar_done : forms.bar_rest;
  return text;
}

} // namespace sluice::report
