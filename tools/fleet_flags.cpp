#include "tools/fleet_flags.hpp"

namespace sluice::tools {

void add_fleet_flags(CLI::App& command, fleet_settings& into) {
  command.add_option("--ca", into.ca, "The fleet's CA")->type_name("PEM");
  command.add_option("--certificate", into.certificate, "Of this program (sluice keys tls new)")
    ->type_name("PEM");
  command.add_option("--key", into.key, "Of the certificate")->type_name("PEM");
  command.add_flag("--insecure", into.insecure,
                   "Without certificates; only to a node on this machine");
  command
    .add_option("--heartbeat-ms", into.heartbeat_ms,
                "How often to send a heartbeat; well above the round trip")
    ->check(CLI::Range(uint64_t{50}, uint64_t{60'000}))
    ->capture_default_str();
  command
    .add_option("--timeout-ms", into.timeout_ms, "After so much silence the other side is gone")
    ->check(CLI::Range(uint64_t{100}, uint64_t{600'000}))
    ->capture_default_str();
}

} // namespace sluice::tools
