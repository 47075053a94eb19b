#include "io/config/mechanism_section.hpp"

namespace sluice::io {

const mechanism_section* played_by(mechanism_sections all, std::string_view mechanism) {
  for (const auto& x : all)
    if (x.strategy_fault && (mechanism.empty() || x.name == mechanism))
      return &x;
  return nullptr;
}

} // namespace sluice::io
