/// The certificate that this program shows to its fleet, and the check of what others show.
#pragma once

#include "net/keys/certificate_facts.hpp"
#include "rules/fleet/hello.hpp"
#include "rules/result.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::net {

/// Paths of PEM files.
struct tls_files {
  std::string ca;
  std::string certificate;
  std::string key;
};

/// Who a peer is by its certificate; the chain up to the CA, dates and usage were checked.
struct known_peer {
  std::string name;
  fleet_role role = fleet_role::worker;
  std::vector<std::string> hosts;
};

/// Immutable and shared; copies are cheap.
class tls_identity {
public:
  /// Reads everything once and checks it as a peer would: readable, the key is the certificate's,
  /// made by this CA, neither expired nor not yet valid, for servers and clients, with a role and a
  /// name. Errors are one line that begins with the file.
  static result<tls_identity> load(const tls_files& files);

  const std::string& name() const;
  fleet_role role() const;
  /// Of the certificate that was read.
  const certificate_facts& facts() const;
  /// DER.
  const std::string& certificate() const;

  /// Names of files with what was read: they stay readable whatever happens to the originals. CAF
  /// reads its files again for every connection and ends the process when it cannot.
  const tls_files& kept_files() const;

  /// ECDSA over SHA-256.
  std::string sign(std::string_view text) const;

  /// `ec::refused` with a sentence when it is not of this fleet, or not today.
  result<known_peer> check(std::string_view certificate) const;

private:
  struct parts;
  explicit tls_identity(std::shared_ptr<const parts> x) : parts_(std::move(x)) {}
  std::shared_ptr<const parts> parts_;
};

/// Is it the signature of this text by this certificate's key?
bool signed_by(std::string_view certificate, std::string_view text, std::string_view signature);

/// Was the certificate made for this name or address?
bool is_for_host(std::string_view certificate, const std::string& host);

} // namespace sluice::net
