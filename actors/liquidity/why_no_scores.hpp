/// Why the liquidity mechanism has no scores, from what is on the disk.
#pragma once

#include "rules/liquidity/config.hpp"
#include "storage/data_dir.hpp"

#include <string>

namespace sluice {

/// As why_no_scores of rules/liquidity/no_scores.hpp, of the jobs that are stored and of those of
/// `settings` that have not begun; what cannot be read is the reason then.
std::string why_no_scores(const storage::data_dir& disk, const liquidity_settings& settings);

} // namespace sluice
