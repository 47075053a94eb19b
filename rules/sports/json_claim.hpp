/// A prediction as a JSON object, and what it claims.
#pragma once

#include "rules/result.hpp"
#include "rules/sports/prediction.hpp"

#include <string_view>

namespace sluice {

/// What a canonical JSON value is (rules/canonical_json.hpp).
claim_value claim_value_of_json(std::string_view canonical);

/// The members of D2 out of an object; others are passed over, and nothing is judged. `object`: any
/// JSON text, bounded by who received it. ec::bad_input: no object within the bounds of
/// canonical_json.hpp; a key that comes twice.
result<prediction_claim> claim_of_json(std::string_view object);

} // namespace sluice
