/// Certificates of a small fleet: a CA of one's own, and one certificate per program with its role
/// and name in the subject (OU, CN).
#pragma once

#include "rules/fleet/role.hpp"
#include "rules/result.hpp"

#include <string>
#include <utility>
#include <vector>

namespace sluice::net {

/// Names and values, in the order in which they are shown.
using tls_report = std::vector<std::pair<std::string, std::string>>;

/// What a certificate can be used for (EKU).
enum class tls_usage : uint8_t { both = 0, server, client };

/// A certificate to be made. `days`: how long it is valid, 1 to 3650; else ec::bad_input.
/// `days_from`: days from now, not checked; every certificate begins a minute earlier than that.
struct tls_order {
  std::string name;
  fleet_role role = fleet_role::worker;
  std::vector<std::string> hosts{}; // names and addresses by which others reach it
  int days = 825;
  int days_from = 0;                 // begins so many days from now; negative: ago
  tls_usage usage = tls_usage::both; // CAF's nodes play both sides
};

/// DIR/ca.pem and DIR/ca.key (0600, ECDSA P-256, ten years). `ec::refused` when one exists.
result<tls_report> make_tls_authority(const std::string& folder);

/// DIR/NAME.pem and DIR/NAME.key (0600) by the CA of DIR. `ec::refused` when one exists.
result<tls_report> make_tls_certificate(const std::string& folder, const tls_order& order);

/// What a certificate file contains: name, role, hosts, issuer, dates, usage, fingerprint.
result<tls_report> show_tls_certificate(const std::string& file);

} // namespace sluice::net
