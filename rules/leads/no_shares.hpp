/// Why the leads mechanism has nothing to publish, as a sentence.
#pragma once

#include "rules/leads/shares.hpp"

#include <cstdint>
#include <string>

namespace sluice {

/// What is missing and what changes that, with the counts of what was passed over; "" when there is
/// something to publish. `days`: of the window.
std::string why_no_shares(const share_report& report, const mapped_shares& mapped, uint64_t days);

} // namespace sluice
