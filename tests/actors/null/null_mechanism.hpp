/// The smallest mechanism there can be: everybody gets the same score, every step is played.
#pragma once

#include "actors/mechanism_module.hpp"

namespace sluice::test {

/// What the miners of null in this process play; the only strategy there is.
inline constexpr std::string_view null_strategy = "same";

struct null_settings {
  uint64_t miners = 1; // uids 1 to this
  bool operator==(const null_settings&) const = default;
};

const mechanism_module& null_module();

} // namespace sluice::test
