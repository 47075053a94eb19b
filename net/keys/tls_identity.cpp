#include "net/keys/tls_identity.hpp"

#include "net/keys/tls_x509.hpp"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <sys/mman.h>

#include <cerrno>
#include <cstring>
#include <unistd.h>

namespace sluice::net {

namespace {

using store_owner = std::unique_ptr<X509_STORE, tls_free<X509_STORE_free>>;
using check_owner = std::unique_ptr<X509_STORE_CTX, tls_free<X509_STORE_CTX_free>>;
using digest_owner = std::unique_ptr<EVP_MD_CTX, tls_free<EVP_MD_CTX_free>>;

constexpr size_t der_bytes_max = 16 * 1024;

x509_owner from_der(std::string_view bytes) {
  if (bytes.size() > der_bytes_max)
    return {};
  const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
  const auto* end = at + bytes.size();
  x509_owner certificate{d2i_X509(nullptr, &at, static_cast<long>(bytes.size()))};
  ERR_clear_error();
  return at == end ? std::move(certificate) : nullptr;
}

std::string to_der(X509* certificate) {
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(certificate, &bytes);
  std::string text(reinterpret_cast<char*>(bytes), size > 0 ? static_cast<size_t>(size) : 0);
  OPENSSL_free(bytes);
  return text;
}

/// Empty when the certificate is of this CA, valid now, and for both sides of a connection.
std::string chain_fault(X509_STORE* store, X509* certificate) {
  for (const int purpose : {X509_PURPOSE_SSL_CLIENT, X509_PURPOSE_SSL_SERVER}) {
    const check_owner check{X509_STORE_CTX_new()};
    if (!check || X509_STORE_CTX_init(check.get(), store, certificate, nullptr) != 1
        || X509_STORE_CTX_set_purpose(check.get(), purpose) != 1)
      return "cannot be checked: " + tls_error();
    if (X509_verify_cert(check.get()) != 1) {
      const int why = X509_STORE_CTX_get_error(check.get());
      ERR_clear_error();
      std::string text = X509_verify_cert_error_string(why);
      if (why == X509_V_ERR_CERT_HAS_EXPIRED)
        text += " (" + tls_time(X509_get0_notAfter(certificate)) + ")";
      if (why == X509_V_ERR_INVALID_PURPOSE)
        text = "usage (EKU): expected server and client";
      return text;
    }
  }
  const auto usage = X509_get_extended_key_usage(certificate);
  if (usage == UINT32_MAX || (usage & XKU_SSL_SERVER) == 0 || (usage & XKU_SSL_CLIENT) == 0)
    return "usage (EKU): expected server and client";
  return {};
}

/// The text as a file without a name: nobody can take it away.
class kept_file {
public:
  kept_file() = default;
  kept_file(const kept_file&) = delete;
  kept_file& operator=(const kept_file&) = delete;
  ~kept_file() {
    if (number_ >= 0)
      ::close(number_);
  }

  result<std::string> keep(const std::string& path) {
    auto text = read_tls_file(path);
    if (!text)
      return text.error();
    number_ = ::memfd_create("sluice-tls", MFD_CLOEXEC);
    const bool good
      = number_ >= 0
        && ::write(number_, text->data(), text->size()) == static_cast<ssize_t>(text->size());
    const int error = errno;
    OPENSSL_cleanse(text->data(), text->size());
    if (!good)
      return fault{ec::unreachable, path + ": cannot be kept: " + std::strerror(error)};
    return "/proc/self/fd/" + std::to_string(number_);
  }

private:
  int number_ = -1;
};

} // namespace

struct tls_identity::parts {
  store_owner store;
  pkey_owner key;
  std::string certificate;
  tls_subject subject;
  certificate_facts facts;
  tls_files files;
  std::array<kept_file, 3> kept;
};

result<tls_identity> tls_identity::load(const tls_files& files) {
  auto ca = read_certificate(files.ca);
  if (!ca)
    return ca.error();
  auto certificate = read_certificate(files.certificate);
  if (!certificate)
    return certificate.error();
  auto key = read_private_key(files.key);
  if (!key)
    return key.error();
  auto made = std::make_shared<parts>();
  made->store = store_owner{X509_STORE_new()};
  if (!made->store || X509_STORE_add_cert(made->store.get(), ca->get()) != 1)
    return fault{ec::bad_input, files.ca + ": " + tls_error()};
  if (X509_check_private_key(certificate->get(), key->get()) != 1) {
    ERR_clear_error();
    return fault{ec::bad_input,
                 files.key + ": expected the key of " + files.certificate + ", got another one"};
  }
  if (auto why = chain_fault(made->store.get(), certificate->get()); !why.empty())
    return fault{ec::bad_input, files.certificate + ": not a certificate of the CA in " + files.ca
                                  + " that can be used: " + why
                                  + "; make one: sluice keys tls new"};
  auto subject = subject_of(certificate->get());
  if (!subject)
    return fault{subject.error().code, files.certificate + ": " + subject.error().what};
  made->certificate = to_der(certificate->get());
  made->facts = facts_of(certificate->get());
  made->key = *std::move(key);
  made->subject = *std::move(subject);
  const std::array<std::pair<const std::string*, std::string*>, 3> names{
    {{&files.ca, &made->files.ca},
     {&files.certificate, &made->files.certificate},
     {&files.key, &made->files.key}}};
  for (size_t i = 0; i < names.size(); ++i) {
    auto kept = made->kept[i].keep(*names[i].first);
    if (!kept)
      return kept.error();
    *names[i].second = *std::move(kept);
  }
  return tls_identity{std::move(made)};
}

const certificate_facts& tls_identity::facts() const {
  return parts_->facts;
}

const std::string& tls_identity::name() const {
  return parts_->subject.name;
}

fleet_role tls_identity::role() const {
  return parts_->subject.role;
}

const std::string& tls_identity::certificate() const {
  return parts_->certificate;
}

const tls_files& tls_identity::kept_files() const {
  return parts_->files;
}

std::string tls_identity::sign(std::string_view text) const {
  const digest_owner digest{EVP_MD_CTX_new()};
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  size_t size = 0;
  std::string signature;
  if (digest
      && EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, parts_->key.get()) == 1
      && EVP_DigestSign(digest.get(), nullptr, &size, bytes, text.size()) == 1) {
    signature.resize(size);
    if (EVP_DigestSign(digest.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                       bytes, text.size())
        == 1)
      signature.resize(size);
    else
      signature.clear();
  }
  ERR_clear_error();
  return signature;
}

result<known_peer> tls_identity::check(std::string_view certificate) const {
  const auto theirs = from_der(certificate);
  if (!theirs)
    return fault{ec::refused, "certificate: expected one (DER), got something else"};
  if (auto why = chain_fault(parts_->store.get(), theirs.get()); !why.empty())
    return fault{ec::refused, "certificate: " + why};
  auto subject = subject_of(theirs.get());
  if (!subject)
    return fault{ec::refused, subject.error().what};
  return known_peer{std::move(subject->name), subject->role, std::move(subject->hosts)};
}

bool signed_by(std::string_view certificate, std::string_view text, std::string_view signature) {
  const auto theirs = from_der(certificate);
  const digest_owner digest{EVP_MD_CTX_new()};
  const bool good
    = theirs && digest
      && EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha256(), nullptr,
                              X509_get0_pubkey(theirs.get()))
           == 1
      && EVP_DigestVerify(digest.get(), reinterpret_cast<const unsigned char*>(signature.data()),
                          signature.size(), reinterpret_cast<const unsigned char*>(text.data()),
                          text.size())
           == 1;
  ERR_clear_error();
  return good;
}

bool is_for_host(std::string_view certificate, const std::string& host) {
  const auto theirs = from_der(certificate);
  const bool good = theirs
                    && (X509_check_host(theirs.get(), host.data(), host.size(),
                                        X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, nullptr)
                          == 1
                        || X509_check_ip_asc(theirs.get(), host.c_str(), 0) == 1);
  ERR_clear_error();
  return good;
}

} // namespace sluice::net
