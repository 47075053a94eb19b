/// Values of the sports mechanism out of the JSON of examples and cases.
#pragma once

#include "rules/sports/game.hpp"
#include "rules/sports/moment.hpp"
#include "rules/sports/prediction.hpp"
#include "tests/vectors/examples.hpp"

#include <stdexcept>
#include <string>

namespace sluice::vectors {

inline claim_value claim_of(const json& x) {
  if (x.is_null())
    return {claim_kind::null, ""};
  if (x.is_boolean())
    return {claim_kind::boolean, x.get<bool>() ? "true" : "false"};
  if (x.is_number())
    return {claim_kind::number, x.dump()};
  if (x.is_string())
    return {claim_kind::text, x.get<std::string>()};
  return {claim_kind::other, ""};
}

inline claim_value claim_in(const json& object, const char* name) {
  return object.contains(name) ? claim_of(object.at(name)) : claim_value{};
}

inline prediction_claim prediction_claim_of(const json& x) {
  prediction_claim made;
  for_each_field(made, [&x](std::string_view name, claim_value& value) {
    value = claim_in(x, std::string{name}.c_str());
  });
  return made;
}

inline nano nano_in(const json& x) {
  const auto read = nano_of(std::string_view{x.is_string() ? x.get<std::string>() : x.dump()});
  if (!read)
    throw std::runtime_error{x.dump() + ": " + read.error().what};
  return *read;
}

inline int64_t moment_in(const json& x) {
  const auto read = read_sports_moment(x.get<std::string>());
  if (!read)
    throw std::runtime_error{x.dump() + ": no time"};
  return read->us;
}

} // namespace sluice::vectors
