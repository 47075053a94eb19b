/// What CAF's network is told before it may be used: own certificates, heartbeats, no services.
#pragma once

#include "net/keys/tls_identity.hpp"
#include "rules/network_config.hpp"

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace sluice {

/// One program's side of the fleet.
struct fleet_network {
  std::optional<net::tls_identity> identity; // none: insecure, on loopback only
  std::chrono::milliseconds heartbeat{5'000};
  std::chrono::milliseconds timeout{20'000};
};

/// Reads and checks the certificates; `ec::refused` when there are none and `insecure` is not said,
/// or when it is said for more than this machine (`where` is HOST:PORT).
result<fleet_network> fleet_network_of(const fleet_settings& settings, const std::string& where);

/// Call once, before the actor system is made. Raises the process' limit of open files as far as
/// it may: CAF ends the process when it cannot open a certificate.
void load_network(caf::actor_system_config& config, const fleet_network& network);

/// Takes away what CAF offers to everybody who connects: spawning by name and looking up names.
void close_services(caf::actor_system& system);

/// Publishes at HOST:PORT and nowhere else; `who` hears a network_answer. Never blocks.
void publish(caf::actor_system& system, const fleet_network& network, const std::string& where,
             const caf::strong_actor_ptr& what, caf::actor who);
void unpublish(caf::actor_system& system, const fleet_network& network, uint16_t port);

/// `who` hears a network_answer of this attempt within ten seconds. Never blocks.
void connect(caf::actor_system& system, const fleet_network& network, const std::string& where,
             uint64_t attempt, caf::actor who);

} // namespace sluice
