/// What CAF's network is configured with before it may be used: own certificates, heartbeats, no
/// services.
#pragma once

#include "net/keys/tls_identity.hpp"
#include "rules/network_config.hpp"

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace sluice {

/// One program's side of the fleet. Durations from 1 ms; a peer of which nothing comes for
/// `timeout` is lost. Not checked here: io/config has checked them.
struct fleet_network {
  std::optional<net::tls_identity> identity; // none: insecure, on loopback only
  std::chrono::milliseconds heartbeat{5'000};
  std::chrono::milliseconds timeout{20'000};
};

/// Reads and checks the certificates; `ec::refused` when there are none and `insecure` is not set,
/// or when it is set for more than this machine (`where` is HOST:PORT).
result<fleet_network> fleet_network_of(const fleet_settings& settings, const std::string& where);

/// Call once, before the actor system is made. Raises the process' limit of open files as far as
/// it may: CAF ends the process when it cannot open a certificate.
void load_network(caf::actor_system_config& config, const fleet_network& network);

/// Takes away what CAF offers to everybody who connects: spawning by name and looking up names.
void close_services(caf::actor_system& system);

/// Publishes at HOST:PORT and nowhere else; `who` receives a network_answer. Never blocks.
void publish(caf::actor_system& system, const fleet_network& network, const std::string& where,
             const caf::strong_actor_ptr& what, caf::actor who);
/// `port`: 1 to 65535, as network_answer gave it. Another port is passed over.
void unpublish(caf::actor_system& system, const fleet_network& network, uint16_t port);

/// `who` receives a network_answer of this attempt within ten seconds. Never blocks. `attempt`: any
/// number, which the answer repeats. Errors are the answer's `why`.
void connect(caf::actor_system& system, const fleet_network& network, const std::string& where,
             uint64_t attempt, caf::actor who);

} // namespace sluice
