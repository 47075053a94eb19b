/// Owners for what libcrypto hands out, and what is read from a certificate.
#pragma once

#include "net/keys/certificate_facts.hpp"
#include "rules/fleet/role.hpp"
#include "rules/result.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::net {

template <auto Free>
struct tls_free {
  template <class T>
  void operator()(T* x) const {
    Free(x);
  }
};
using x509_owner = std::unique_ptr<X509, tls_free<X509_free>>;
using pkey_owner = std::unique_ptr<EVP_PKEY, tls_free<EVP_PKEY_free>>;
using bio_owner = std::unique_ptr<BIO, tls_free<BIO_free_all>>;

/// Who a certificate is for.
struct tls_subject {
  std::string name;
  fleet_role role = fleet_role::worker;
  std::vector<std::string> hosts;
};

/// The sentence of libcrypto's last error; its queue is empty afterwards.
std::string tls_error();

/// `ec::unreachable` when the file cannot be read, `ec::bad_input` when it is something else.
/// Nobody is ever asked for a passphrase: a key that has one is something else.
result<std::string> read_tls_file(const std::string& path);
result<x509_owner> read_certificate(const std::string& path);
result<pkey_owner> read_private_key(const std::string& path);

/// `ec::bad_input` when the subject has no role of a fleet or no name.
result<tls_subject> subject_of(X509* certificate);

/// Not null.
certificate_facts facts_of(X509* certificate);

/// "2026-11-21T12:00:00Z"
std::string tls_time(const ASN1_TIME* time);

} // namespace sluice::net
