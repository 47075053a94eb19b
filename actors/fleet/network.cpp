#include "actors/fleet/network.hpp"

#include "messages/fleet.hpp"
#include "net/http/descriptors.hpp"
#include "rules/endpoint.hpp"

#include <caf/actor_registry.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/io/middleman.hpp>
#include <caf/io/middleman_actor.hpp>
#include <caf/openssl/manager.hpp>
#include <caf/send.hpp>

namespace sluice {

namespace {

using namespace std::chrono_literals;

constexpr auto patience = 10s;

caf::io::middleman_actor middleman_of(caf::actor_system& system, const fleet_network& network) {
  return network.identity ? system.openssl_manager().actor_handle()
                          : system.middleman().actor_handle();
}

std::string out_of_reach(const std::string& what, const std::string& where, const caf::error& why) {
  return what + " " + where + ": " + sentence(why);
}

} // namespace

result<fleet_network> fleet_network_of(const fleet_settings& settings, const std::string& where) {
  const auto at = parse_endpoint(where);
  if (!at)
    return at.error();
  fleet_network network{{},
                        std::chrono::milliseconds{settings.heartbeat_ms},
                        std::chrono::milliseconds{settings.timeout_ms}};
  const bool any = !(settings.ca.empty() && settings.certificate.empty() && settings.key.empty());
  if (settings.insecure && any)
    return fault{ec::bad_input, "--insecure and certificates: expected one of them"};
  if (settings.insecure && !is_loopback(*at))
    return fault{ec::refused, "--insecure with " + where
                                + ": only on this machine's own 127.0.0.1, where nobody else comes;"
                                  " `sluice keys tls` makes certificates"};
  if (settings.insecure)
    return network;
  if (settings.ca.empty() || settings.certificate.empty() || settings.key.empty())
    return fault{ec::refused,
                 "the fleet at " + where
                   + " needs a CA, a certificate and a key (--ca, --certificate, --key); `sluice "
                     "keys tls` makes them, or on 127.0.0.1 give --insecure"};
  auto identity = net::tls_identity::load({settings.ca, settings.certificate, settings.key});
  if (!identity)
    return identity.error();
  network.identity = *std::move(identity);
  return network;
}

void load_network(caf::actor_system_config& config, const fleet_network& network) {
  config.load<caf::io::middleman>();
  config.set("middleman.heartbeat-interval", caf::timespan{network.heartbeat});
  config.set("middleman.connection-timeout", caf::timespan{network.timeout});
  config.set("middleman.enable-automatic-connections", false);
  if (!network.identity)
    return;
  net::raise_descriptors();
  config.load<caf::openssl::manager>();
  const auto& files = network.identity->kept_files();
  config.openssl_certificate = files.certificate;
  config.openssl_key = files.key;
  config.openssl_cafile = files.ca;
}

void close_services(caf::actor_system& system) {
  system.registry().erase(caf::atom("SpawnServ"));
  system.registry().erase(caf::atom("ConfigServ"));
}

void publish(caf::actor_system& system, const fleet_network& network, const std::string& where,
             const caf::strong_actor_ptr& what, caf::actor who) {
  const auto at = parse_endpoint(where);
  if (!at) {
    caf::anon_send(who, network_answer{0, 0, nullptr, at.error().what});
    return;
  }
  system.spawn([=, asked = middleman_of(system, network), at = *at](caf::event_based_actor* self) {
    self
      ->request(asked, patience, caf::publish_atom::value, at.port, what, std::set<std::string>{},
                at.host, true)
      .then(
        [=](uint16_t port) {
          caf::anon_send(who, network_answer{0, port, nullptr, {}});
        },
        [=](const caf::error& why) {
          caf::anon_send(who, network_answer{0, 0, nullptr, out_of_reach("listen at", where, why)});
        });
  });
}

void unpublish(caf::actor_system& system, const fleet_network& network, uint16_t port) {
  caf::anon_send(middleman_of(system, network), caf::close_atom::value, port);
}

void connect(caf::actor_system& system, const fleet_network& network, const std::string& where,
             uint64_t attempt, caf::actor who) {
  const auto at = parse_endpoint(where);
  if (!at) {
    caf::anon_send(who, network_answer{attempt, 0, nullptr, at.error().what});
    return;
  }
  system.spawn([=, asked = middleman_of(system, network), at = *at](caf::event_based_actor* self) {
    self->request(asked, patience, caf::connect_atom::value, at.host, at.port)
      .then(
        [=](const caf::node_id&, const caf::strong_actor_ptr& found, const std::set<std::string>&) {
          caf::anon_send(who,
                         network_answer{attempt, 0, found,
                                        found ? "" : where + ": nothing of a fleet listens there"});
        },
        [=](const caf::error& why) {
          caf::anon_send(
            who, network_answer{attempt, 0, nullptr, out_of_reach("connect to", where, why)});
        });
  });
}

} // namespace sluice
