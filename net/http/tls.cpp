#include "net/http/tls.hpp"

#include <boost/asio/ssl/context.hpp>

namespace sluice::net {

result<std::shared_ptr<tls_context>>
server_tls(const std::string& certificate, const std::string& key) {
  namespace ssl = boost::asio::ssl;
  if (certificate.empty() && key.empty())
    return std::shared_ptr<tls_context>{};
  auto tls = std::make_shared<tls_context>(ssl::context::tls_server);
  boost::system::error_code error;
  const auto no = [&](const std::string& file, const std::string& expected) {
    return fault{ec::bad_input,
                 file + ": expected " + expected + " in PEM form (" + error.message() + ")"};
  };
  tls->set_options(
    ssl::context::default_workarounds | ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1, error);
  tls->use_certificate_chain_file(certificate, error);
  if (error)
    return no(certificate, "a certificate");
  tls->use_private_key_file(key, ssl::context::pem, error);
  if (error)
    return no(key, "the private key of " + certificate);
  return tls;
}

} // namespace sluice::net
