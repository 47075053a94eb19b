/// Compares what is stored with what is recomputed, for audits.
#pragma once

#include "rules/audit_finding.hpp"
#include "rules/difference.hpp"

#include <string>

namespace sluice {

/// Notes the first difference and counts. `found.checked` counts compared numbers, from 0.
struct audit_check {
  audit_finding found;

  /// Is everything the same, so far and here?
  template <class T>
  bool same(const std::string& what, const T& stored, const T& recomputed) {
    if (found.difference.empty())
      if (auto where = first_difference(what, stored, recomputed, found.checked); !where.empty())
        found.difference = where + " (stored, recomputed)";
    return found.difference.empty();
  }
};

} // namespace sluice
