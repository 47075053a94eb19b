/// Do two JSON documents agree, by the tolerances of the vectors?
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace sluice::vectors {

/// Where they differ, "miners[2].score: expected 1, got 2"; empty when they agree. `tolerance`:
/// absolute, or relative where that is more, of every number. Members may come in any order.
std::vector<std::string>
example_differences(const nlohmann::json& expected, const nlohmann::json& got, double tolerance);

/// The same by the rules of mechanisms-large/README.md: names that end in _rao are exact, but for
/// tao_rao, cost_rao, pnl_rao and real_pnl_rao, which are within one per leg (of the object or of
/// the `legs` beside them); weights of `publish` within 1; other numbers within 1e-6 or 1e-9 times
/// their size, whichever is more. A member that is not expected is a difference, too.
std::vector<std::string>
case_differences(const nlohmann::json& expected, const nlohmann::json& got);

} // namespace sluice::vectors
