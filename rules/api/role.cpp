#include "rules/api/role.hpp"

#include <array>

namespace sluice {

std::string_view name_of(api_role x) {
  switch (x) {
  case api_role::client:
    return "client";
  case api_role::validator:
    return "validator";
  case api_role::admin:
    return "admin";
  case api_role::none:
    break;
  }
  return {};
}

std::optional<api_role> api_role_named(std::string_view name) {
  for (const auto x : {api_role::client, api_role::validator, api_role::admin})
    if (name_of(x) == name)
      return x;
  return {};
}

} // namespace sluice
