/// What the jobs did in a step of the liquidity mechanism.
#pragma once

#include "messages/liquidity.hpp"

#include <vector>

namespace sluice::test {

inline const std::vector<job_report>& jobs_of(const step_report& x) {
  return dynamic_cast<const jobs_detail&>(*x.detail).jobs;
}

} // namespace sluice::test
