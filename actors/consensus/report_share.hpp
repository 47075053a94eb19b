/// Sharing of signed reports among the nodes of one operator, over the fleet.
#pragma once

#include "actors/consensus/report_messages.hpp"
#include "actors/fleet/fleet.hpp"
#include "actors/fleet/link.hpp"
#include "rules/consensus/report_share.hpp"
#include "rules/result.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace sluice {

/// Takes a report that was verified here as if it had come over HTTP: whether its hotkey is a
/// validator's, whether it is new, is decided there. `done` is called once, from any thread: with
/// nothing when it is durable, or was there before.
using report_taker
  = std::function<void(const signed_report&, std::function<void(result<nothing>)>)>;

/// Starts a link to one node; its owner receives link_up, frames and link_down (spawn_link).
using spawn_node_link = std::function<fleet_link_actor(caf::actor_system&, caf::actor owner)>;

/// `unix_ms`: milliseconds since 1970-01-01 UTC.
struct report_share_config {
  std::vector<spawn_node_link> nodes; // that this one connects to
  signed_report_terms terms{};
  share_bounds bounds{};
  std::function<uint64_t()> unix_ms;
};

struct report_share_links {
  report_taker take;
};

/// Passes on what this node has taken (shared_report), and what others send when it is new here,
/// signed by the hotkey that it states, fresh, and taken by this node's intake. So who passes a
/// report on can hold it back, and nothing else. Every report goes to every node once.
report_share_actor
spawn_report_share(caf::actor_system& system, report_share_config config, report_share_links links);

/// How the entry of a node that came through the fleet is started (mechanism_run::node_entry).
/// `share`: of now, asked for at every entry.
spawn_entry share_entry_of(std::function<report_share_actor()> share, share_bounds bounds = {});

/// Links to these nodes ([fleet] nodes) with this node's certificates; ec::refused or
/// ec::bad_input as fleet_network_of.
result<std::vector<spawn_node_link>> node_links_of(const fleet_settings& settings);

} // namespace sluice
