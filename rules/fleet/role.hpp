/// Who a peer of the fleet is, and what that lets it send.
#pragma once

#include "rules/fleet/frame_kind.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice {

/// Append only: the numbers travel, the names stand in certificates (OU).
enum class fleet_role : uint8_t {
  worker = 0, // calculates
  miner,      // answers a round's questions
  observer,   // asks and changes nothing
  operating,  // "operator": asks and changes
  node,       // who the others come to; comes itself to another node
};

inline constexpr std::array<std::string_view, 5> fleet_role_names{"worker", "miner", "observer",
                                                                  "operator", "node"};

constexpr std::string_view to_string(fleet_role role) {
  return fleet_role_names[static_cast<size_t>(role)];
}

constexpr std::optional<fleet_role> parse_fleet_role(std::string_view name) {
  for (size_t i = 0; i < fleet_role_names.size(); ++i)
    if (fleet_role_names[i] == name)
      return static_cast<fleet_role>(i);
  return {};
}

/// Is the number one of these? What is read from bytes is checked before it is believed.
constexpr bool known(fleet_role role) {
  switch (role) {
  case fleet_role::worker:
  case fleet_role::miner:
  case fleet_role::observer:
  case fleet_role::operating:
  case fleet_role::node:
    return true;
  }
  return false;
}

/// The names of all roles, for whoever wrote another one.
inline constexpr std::string_view fleet_roles = "worker, miner, observer, operator or node";

/// May an admitted peer of this role send this to a node?
constexpr bool may_send(fleet_role role, frame_kind kind) {
  switch (kind) {
  case frame_kind::ready:
  case frame_kind::work_done:
  case frame_kind::work_undone:
    return role == fleet_role::worker;
  case frame_kind::from_miner:
    return role == fleet_role::miner;
  case frame_kind::admin_line:
    return role == fleet_role::operating || role == fleet_role::observer;
  case frame_kind::from_node:
    return role == fleet_role::node;
  default:
    return false;
  }
}

/// May a node send this to an admitted peer of this role?
constexpr bool may_receive(fleet_role role, frame_kind kind) {
  switch (kind) {
  case frame_kind::market_begin:
  case frame_kind::market_blocks:
  case frame_kind::market_end:
  case frame_kind::work:
    return role == fleet_role::worker;
  case frame_kind::to_miner:
    return role == fleet_role::miner;
  case frame_kind::admin_answer:
    return role == fleet_role::operating || role == fleet_role::observer;
  case frame_kind::to_node:
    return role == fleet_role::node;
  default:
    return false;
  }
}

} // namespace sluice
