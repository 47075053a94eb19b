/// What a key of the HTTP API lets its holder do.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice {

/// A route names the roles that may call it; `admin` may call all of them.
enum class api_role : uint8_t { none, client, validator, admin };

/// "client"; "" for none and for any other number. Errors: none.
std::string_view name_of(api_role x);

/// None when it is not the name of a role. Exactly as `name_of` writes it.
std::optional<api_role> api_role_named(std::string_view name);

} // namespace sluice
