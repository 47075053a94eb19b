/// Who may call a route.
#pragma once

#include "rules/api/role.hpp"

#include <set>
#include <utility>

namespace sluice::net {

/// Looked at where the address has a gate (`http_server_terms::gate`); others serve everybody. With
/// nothing set only an admin may.
struct http_access {
  bool open = false;          // everybody
  bool read = false;          // everybody, or those of `[api] read_role` when that is set
  std::set<api_role> roles{}; // the key must have one of them; `admin` is always among them
  /// Without a key the handler is called, and must check a signature itself.
  bool signed_body = false;

  bool operator==(const http_access&) const = default;
};

inline http_access access_open() {
  return {.open = true};
}
inline http_access access_read() {
  return {.read = true};
}
inline http_access access_for(std::set<api_role> roles) {
  return {.roles = std::move(roles)};
}
/// `roles`: whose key stands for a signature; with none a key does not.
inline http_access access_signed(std::set<api_role> roles = {}) {
  return {.roles = std::move(roles), .signed_body = true};
}

} // namespace sluice::net
