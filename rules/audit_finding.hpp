/// How one audit of something stored ended.
#pragma once

#include "rules/fields.hpp"

#include <cstdint>
#include <string>

namespace sluice {

/// `difference` is empty when everything is the same; else the first that is not: what, stored,
/// recomputed.
struct audit_finding {
  std::string what; // a round, "scores of JOB", "weights"
  std::string difference;
  uint64_t checked = 0; // numbers compared, from 0 on
  std::string note{};   // in place of a verdict, when nothing could be compared: why
  SLUICE_FIELDS(what, difference, checked, note)
};

} // namespace sluice
