#include "net/http/tls.hpp"

#include "net/keys/tls_x509.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/sslerr.h>
#include <openssl/x509_vfy.h>

#include <utility>

namespace sluice::net {

namespace {

namespace ssl = boost::asio::ssl;
using tls_code = boost::system::error_code;

std::shared_ptr<tls_context> modern(ssl::context::method method) {
  auto made = std::make_shared<tls_context>(method);
  tls_code ignored;
  made->set_options(
    ssl::context::default_workarounds | ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1, ignored);
  return made;
}

/// What is wrong with the certificate at which OpenSSL stopped.
std::string chain_fault_text(X509_STORE_CTX* context) {
  const int error = X509_STORE_CTX_get_error(context);
  X509* certificate = X509_STORE_CTX_get_current_cert(context);
  const auto facts = certificate != nullptr ? facts_of(certificate) : certificate_facts{};
  switch (error) {
  case X509_V_ERR_CERT_HAS_EXPIRED:
    return "it expired at " + utc_text(facts.until_s)
           + "; it has to be renewed there, or this machine's clock is wrong";
  case X509_V_ERR_CERT_NOT_YET_VALID:
    return "it is valid only from " + utc_text(facts.from_s) + "; is this machine's clock right?";
  case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    return "it is signed by itself; state its file as the CA if it is one of your own (--ca)";
  case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    return "its CA, " + facts.issuer
           + ", is not trusted here; state the CA's file if it is one of your own (--ca)";
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
  case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    return "it was issued by " + facts.issuer
           + ", which is not known here; state the CA's file if it is one of your own (--ca), or "
             "the "
             "intermediate certificate is missing in the server's file";
  case X509_V_ERR_INVALID_PURPOSE:
    return "it is not for servers (EKU)";
  default:
    return X509_verify_cert_error_string(error);
  }
}

} // namespace

server_identity::server_identity(std::string certificate, std::string key, loaded now)
  : certificate_(std::move(certificate)), key_(std::move(key)), now_(std::move(now)) {}

result<std::shared_ptr<server_identity>>
server_identity::load(const std::string& certificate, const std::string& key) {
  if (certificate.empty() && key.empty())
    return std::shared_ptr<server_identity>{};
  auto now = read(certificate, key);
  if (!now)
    return now.error();
  return std::shared_ptr<server_identity>{new server_identity{certificate, key, *std::move(now)}};
}

result<server_identity::loaded>
server_identity::read(const std::string& certificate, const std::string& key) {
  auto text = read_tls_file(certificate);
  if (!text)
    return text.error();
  auto first = read_certificate(certificate);
  if (!first)
    return first.error();
  auto secret = read_private_key(key);
  if (!secret)
    return secret.error();
  loaded out{modern(ssl::context::tls_server), facts_of(first->get())};
  tls_code error;
  out.context->use_certificate_chain(boost::asio::buffer(*text), error);
  if (error)
    return fault{ec::bad_input, certificate
                                  + ": expected a certificate, and its intermediate ones "
                                    "behind it, in PEM form ("
                                  + error.message() + ")"};
  if (X509_check_private_key(first->get(), secret->get()) != 1
      || SSL_CTX_use_PrivateKey(out.context->native_handle(), secret->get()) != 1) {
    ERR_clear_error();
    return fault{ec::bad_input,
                 key + ": expected the private key of " + certificate + ", got another one"};
  }
  return out;
}

result<nothing> server_identity::reload() {
  auto fresh = read(certificate_, key_);
  if (!fresh)
    return fresh.error();
  const std::lock_guard lock{mutex_};
  now_ = *std::move(fresh);
  return nothing{};
}

std::shared_ptr<tls_context> server_identity::context() const {
  const std::lock_guard lock{mutex_};
  return now_.context;
}

certificate_facts server_identity::facts() const {
  const std::lock_guard lock{mutex_};
  return now_.facts;
}

result<std::shared_ptr<tls_context>> client_tls(const std::string& ca) {
  auto made = modern(ssl::context::tls_client);
  tls_code error;
  if (ca.empty()) {
    made->set_default_verify_paths(error);
  } else {
    auto text = read_tls_file(ca);
    if (!text)
      return text.error();
    made->add_certificate_authority(boost::asio::buffer(*text), error);
  }
  if (error)
    return fault{ec::bad_input, (ca.empty() ? "the system's store of CAs" : ca)
                                  + ": expected certificates of CAs in PEM form (" + error.message()
                                  + ")"};
  made->set_verify_mode(ssl::verify_peer);
  return made;
}

bool check_certificate(bool trusted, ssl::verify_context& context, const std::string& host,
                       std::string& why) {
  auto* native = context.native_handle();
  if (!trusted) {
    why = "its certificate cannot be trusted: " + chain_fault_text(native);
    return false;
  }
  if (ssl::host_name_verification{host}(trusted, context))
    return true;
  const auto hosts = facts_of(X509_STORE_CTX_get_current_cert(native)).hosts;
  why = "its certificate is of another host than " + host + ": it is for "
        + (hosts.empty() ? "none" : hosts);
  X509_STORE_CTX_set_error(native, X509_V_ERR_HOSTNAME_MISMATCH);
  return false;
}

std::string handshake_fault(const tls_code& error) {
  if (error.category() != boost::asio::error::get_ssl_category())
    return {};
  switch (ERR_GET_REASON(static_cast<unsigned long>(error.value()))) {
  case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    return "it does not know who issued this certificate: the CA is missing there (--ca), or the "
           "intermediate certificate is missing in this node's file";
  case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    return "it refused this certificate as expired";
  case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    return "it refused this certificate: it is not of the host that was asked for, or not valid "
           "yet";
  case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
  case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
  case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    return "it refused this certificate (" + error.message() + ")";
  case SSL_R_HTTP_REQUEST:
    return "it speaks without TLS (ws://), and here is TLS only (wss://)";
  case SSL_R_UNSUPPORTED_PROTOCOL:
  case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
    return "it speaks an older TLS than 1.2";
  default:
    return {};
  }
}

} // namespace sluice::net
