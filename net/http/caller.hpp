/// Who calls a route, as the key of the request shows.
#pragma once

#include "rules/api/role.hpp"
#include "rules/ids.hpp"

#include <optional>
#include <string>

namespace sluice::net {

/// Of a request without a key everything is empty. A key of role `validator` is for a hotkey or for
/// a uid, whichever it was made with; the other one is empty.
struct http_caller {
  std::string key_id{}; // public, 8 characters; the key itself is nowhere
  api_role role = api_role::none;
  hotkey validator{};
  std::optional<miner_uid> validator_uid{};

  bool operator==(const http_caller&) const = default;
};

} // namespace sluice::net
