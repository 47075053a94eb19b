#include "rules/sports/json_claim.hpp"

#include "rules/canonical_json.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace sluice {

claim_value claim_value_of_json(std::string_view canonical) {
  if (canonical.empty())
    return {};
  switch (canonical.front()) {
  case 'n':
    return {claim_kind::null, ""};
  case 't':
  case 'f':
    return {claim_kind::boolean, std::string{canonical}};
  case '"':
    return {claim_kind::text, decoded_text(canonical)};
  case '{':
  case '[':
    return {claim_kind::other, ""};
  default:
    return {claim_kind::number, std::string{canonical}};
  }
}

result<prediction_claim> claim_of_json(std::string_view object) {
  const auto members = canonical_members(object, {16, canonical_entries_max, canonical_digits_max});
  if (!members)
    return members.error();
  prediction_claim made;
  for_each_field(made, [&members](std::string_view name, claim_value& field) {
    const auto at = std::ranges::find(*members, name, &std::pair<std::string, std::string>::first);
    if (at != members->end())
      field = claim_value_of_json(at->second);
  });
  return made;
}

} // namespace sluice
