/// Both sides of TLS: a server's certificate, whom a client trusts, and why a handshake failed.
#pragma once

#include "net/http/socket_kinds.hpp"
#include "net/keys/certificate_facts.hpp"
#include "rules/result.hpp"

#include <boost/system/error_code.hpp>

#include <memory>
#include <mutex>
#include <string>

namespace boost::asio::ssl {
class verify_context;
}

namespace sluice::net {

/// A server's certificate with its key, for TLS 1.2 or newer: read once, and again on request. Any
/// thread.
class server_identity {
public:
  /// Of PEM files, the certificate with its intermediate ones behind it; null when both names are
  /// empty. `ec::unreachable` names the file that cannot be read, `ec::bad_input` the one that
  /// cannot be used: a key with a passphrase, which is never asked for, among them. Dates are not
  /// looked at.
  static result<std::shared_ptr<server_identity>>
  load(const std::string& certificate, const std::string& key);

  /// Reads the same files again, for connections that come from now on. After a fault, as of
  /// `load`, everything is as it was.
  result<nothing> reload();

  std::shared_ptr<tls_context> context() const;
  certificate_facts facts() const;
  /// The name of the certificate's file.
  const std::string& file() const { return certificate_; }

private:
  struct loaded {
    std::shared_ptr<tls_context> context;
    certificate_facts facts;
  };
  server_identity(std::string certificate, std::string key, loaded now);
  static result<loaded> read(const std::string& certificate, const std::string& key);

  std::string certificate_;
  std::string key_;
  mutable std::mutex mutex_;
  loaded now_;
};

/// What a client of TLS trusts: the CAs of a PEM file, or the system's when that is empty. TLS 1.2
/// or newer, the server's certificate must be good. `ec::unreachable`, `ec::bad_input`: the file.
result<std::shared_ptr<tls_context>> client_tls(const std::string& ca);

/// Is the certificate that is being checked one of `host`, after `trusted`: OpenSSL's own verdict?
/// For a verify callback; what failed is written to `why`, a sentence that begins with "its
/// certificate".
bool check_certificate(bool trusted, boost::asio::ssl::verify_context& context,
                       const std::string& host, std::string& why);

/// What the client did that failed a server's handshake, "it refused this certificate: ...", as
/// far as a person can do something about it; "" for any other end.
std::string handshake_fault(const boost::system::error_code& error);

} // namespace sluice::net
