#include "net/keys/tls_certificate.hpp"

#include "net/keys/tls_x509.hpp"
#include "rules/fleet/hello.hpp"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace sluice::net {

namespace {

constexpr int authority_days = 3650;
constexpr int order_days_max = 3650;

using extension_owner = std::unique_ptr<X509_EXTENSION, tls_free<X509_EXTENSION_free>>;

fault tls_bug(const char* what) {
  return {ec::refused, std::string{what} + ": " + tls_error()};
}

/// A file that was not there before, durable; or none at all.
result<nothing> write_new(const std::string& path, const std::string& text, mode_t mode) {
  const int file = ::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode);
  if (file < 0 && errno == EEXIST)
    return fault{ec::refused, path
                                + ": exists already and is never overwritten: expected a name that "
                                  "is free; choose another, or move this file away"};
  if (file < 0)
    return fault{ec::unreachable, path + ": cannot be written: " + std::strerror(errno)};
  const bool good = ::fchmod(file, mode) == 0
                    && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size())
                    && ::fsync(file) == 0;
  const int error = errno;
  ::close(file);
  if (good)
    return nothing{};
  ::unlink(path.c_str());
  return fault{ec::unreachable, path + ": cannot be written: " + std::strerror(error)};
}

std::string pem_text(BIO* bio) {
  char* bytes = nullptr;
  const auto size = BIO_get_mem_data(bio, &bytes);
  return {bytes, static_cast<size_t>(size)};
}

std::string to_pem(X509* certificate) {
  const bio_owner bio{BIO_new(BIO_s_mem())};
  PEM_write_bio_X509(bio.get(), certificate);
  return pem_text(bio.get());
}

std::string to_pem(EVP_PKEY* key) {
  const bio_owner bio{BIO_new(BIO_s_secmem())};
  PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return pem_text(bio.get());
}

/// A certificate on its way: everything but who signs it.
class draft {
public:
  draft(EVP_PKEY* key, int days_from, int days) : made_(X509_new()) {
    std::array<unsigned char, 16> serial{};
    good_ = made_ && RAND_bytes(serial.data(), serial.size()) == 1;
    serial[0] &= 0x7f;
    const std::unique_ptr<BIGNUM, tls_free<BN_free>> number{
      BN_bin2bn(serial.data(), serial.size(), nullptr)};
    constexpr long day = 24 * 3600;
    good_ = good_ && X509_set_version(made_.get(), X509_VERSION_3) == 1
            && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(made_.get())) != nullptr
            && X509_gmtime_adj(X509_getm_notBefore(made_.get()), days_from * day - 60) != nullptr
            && X509_gmtime_adj(X509_getm_notAfter(made_.get()), (long{days_from} + days) * day)
                 != nullptr
            && X509_set_pubkey(made_.get(), key) == 1;
  }

  draft& subject(const char* field, const std::string& value) {
    good_ = good_
            && X509_NAME_add_entry_by_txt(X509_get_subject_name(made_.get()), field, MBSTRING_UTF8,
                                          reinterpret_cast<const unsigned char*>(value.data()),
                                          static_cast<int>(value.size()), -1, 0)
                 == 1;
    return *this;
  }

  draft& extend(int what, const std::string& value, X509* issuer) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, made_.get(), nullptr, nullptr, 0);
    const extension_owner x{X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str())};
    good_ = good_ && x && X509_add_ext(made_.get(), x.get(), -1) == 1;
    return *this;
  }

  result<x509_owner> sign(X509* issuer, EVP_PKEY* key) {
    good_ = good_
            && X509_set_issuer_name(made_.get(),
                                    X509_get_subject_name(issuer != nullptr ? issuer : made_.get()))
                 == 1
            && X509_sign(made_.get(), key, EVP_sha256()) != 0;
    if (!good_)
      return tls_bug("a certificate could not be made");
    return std::move(made_);
  }

  X509* raw() { return made_.get(); }

private:
  x509_owner made_;
  bool good_ = false;
};

/// The key first: a certificate without one is of no use, a key alone does no harm.
result<nothing> write_both(const std::string& base, X509* certificate, EVP_PKEY* key) {
  auto secret = to_pem(key);
  auto wrote = write_new(base + ".key", secret, 0600);
  OPENSSL_cleanse(secret.data(), secret.size());
  if (!wrote)
    return wrote;
  wrote = write_new(base + ".pem", to_pem(certificate), 0644);
  if (!wrote)
    ::unlink((base + ".key").c_str());
  return wrote;
}

result<nothing> free_name(const std::string& base) {
  for (const auto* end : {".key", ".pem"})
    if (::access((base + end).c_str(), F_OK) == 0)
      return fault{ec::refused,
                   base + end
                     + ": exists already and is never overwritten: expected a name that is free; "
                       "choose another, or move this file away"};
  return nothing{};
}

bool is_address(const std::string& host) {
  std::array<unsigned char, 16> bytes{};
  return ::inet_pton(AF_INET, host.c_str(), bytes.data()) == 1
         || ::inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1;
}

bool is_host(const std::string& host) {
  return is_address(host) || (is_fleet_name(host) && host.front() != '-');
}

/// The extension's text; the hosts were checked, so nothing in them means something there.
std::string hosts_text(const tls_order& order) {
  std::string text;
  for (const auto& host : order.hosts)
    text += (text.empty() ? "" : ",") + std::string{is_address(host) ? "IP:" : "DNS:"} + host;
  return text;
}

std::string order_fault(const tls_order& order) {
  if (!is_fleet_name(order.name) || order.name == "ca")
    return "--name: expected 1 to 64 of letters, digits, '.', '_' and '-', and not ca; choose "
           "another";
  for (const auto& host : order.hosts)
    if (!is_host(host))
      return "--host: expected a host name or an address, got " + host.substr(0, 64)
             + "; give one per --host";
  if (order.role == fleet_role::node && order.hosts.empty())
    return "--host: expected the names or addresses by which others reach this node, got none; "
           "add --host HOST";
  if (order.days < 1 || order.days > order_days_max)
    return "--days: expected 1 to 3650, got " + std::to_string(order.days);
  return {};
}

const char* usage_text(tls_usage usage) {
  switch (usage) {
  case tls_usage::server:
    return "serverAuth";
  case tls_usage::client:
    return "clientAuth";
  default:
    return "serverAuth,clientAuth";
  }
}

/// SHA-256 of the certificate, or of its public key.
std::string fingerprint_of(X509* certificate, bool key_only = false) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int size = 0;
  (key_only ? X509_pubkey_digest : X509_digest)(certificate, EVP_sha256(), bytes.data(), &size);
  std::string text;
  constexpr const char* digits = "0123456789abcdef";
  for (unsigned int i = 0; i < size; ++i)
    text.append({digits[bytes[i] >> 4], digits[bytes[i] & 15]});
  return text;
}

std::string name_text(X509_NAME* name) {
  const bio_owner bio{BIO_new(BIO_s_mem())};
  X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_ONELINE);
  return pem_text(bio.get());
}

} // namespace

result<tls_report> make_tls_authority(const std::string& folder) {
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
    return fault{ec::unreachable, folder + ": cannot be made: " + std::strerror(errno)};
  const auto base = folder + "/ca";
  if (auto free = free_name(base); !free)
    return free.error();
  const pkey_owner key{EVP_EC_gen("P-256")};
  if (!key)
    return tls_bug("a key could not be made");
  draft made{key.get(), 0, authority_days};
  made.subject("O", "sluice")
    .subject("CN", "fleet-" + fingerprint_of(made.raw(), true).substr(0, 8));
  made.extend(NID_basic_constraints, "critical,CA:TRUE,pathlen:0", made.raw())
    .extend(NID_key_usage, "critical,keyCertSign,cRLSign", made.raw())
    .extend(NID_subject_key_identifier, "hash", made.raw());
  auto certificate = made.sign(nullptr, key.get());
  if (!certificate)
    return certificate.error();
  if (auto wrote = write_both(base, certificate->get(), key.get()); !wrote)
    return wrote.error();
  return tls_report{{"ca", base + ".pem"},
                    {"key", base + ".key"},
                    {"until", tls_time(X509_get0_notAfter(certificate->get()))},
                    {"fingerprint", fingerprint_of(certificate->get())}};
}

result<tls_report> make_tls_certificate(const std::string& folder, const tls_order& order) {
  if (auto why = order_fault(order); !why.empty())
    return fault{ec::bad_input, why};
  auto authority = read_certificate(folder + "/ca.pem");
  if (!authority)
    return fault{authority.error().code,
                 authority.error().what + "; make a CA first: sluice keys tls init " + folder};
  auto signer = read_private_key(folder + "/ca.key");
  if (!signer)
    return signer.error();
  const auto base = folder + "/" + order.name;
  if (auto free = free_name(base); !free)
    return free.error();
  const pkey_owner key{EVP_EC_gen("P-256")};
  if (!key)
    return tls_bug("a key could not be made");
  draft made{key.get(), order.days_from, order.days};
  made.subject("O", "sluice")
    .subject("OU", std::string{to_string(order.role)})
    .subject("CN", order.name);
  auto* issuer = authority->get();
  made.extend(NID_basic_constraints, "critical,CA:FALSE", issuer)
    .extend(NID_key_usage, "critical,digitalSignature", issuer)
    .extend(NID_ext_key_usage, usage_text(order.usage), issuer)
    .extend(NID_subject_key_identifier, "hash", issuer)
    .extend(NID_authority_key_identifier, "keyid:always", issuer);
  if (!order.hosts.empty())
    made.extend(NID_subject_alt_name, hosts_text(order), issuer);
  auto certificate = made.sign(issuer, signer->get());
  if (!certificate)
    return certificate.error();
  if (auto wrote = write_both(base, certificate->get(), key.get()); !wrote)
    return wrote.error();
  return tls_report{{"certificate", base + ".pem"},
                    {"key", base + ".key"},
                    {"name", order.name},
                    {"role", std::string{to_string(order.role)}},
                    {"until", tls_time(X509_get0_notAfter(certificate->get()))}};
}

result<tls_report> show_tls_certificate(const std::string& file) {
  auto certificate = read_certificate(file);
  if (!certificate)
    return certificate.error();
  auto* x = certificate->get();
  tls_report report{{"file", file}};
  if (X509_check_ca(x) != 0) {
    report.emplace_back("name", name_text(X509_get_subject_name(x)));
    report.emplace_back("role", "ca");
  } else if (auto subject = subject_of(x)) {
    std::string hosts;
    for (const auto& host : subject->hosts)
      hosts += (hosts.empty() ? "" : " ") + host;
    report.emplace_back("name", subject->name);
    report.emplace_back("role", to_string(subject->role));
    report.emplace_back("hosts", hosts);
  } else {
    return subject.error();
  }
  const auto usage = X509_get_extended_key_usage(x);
  report.emplace_back("issuer", name_text(X509_get_issuer_name(x)));
  report.emplace_back("from", tls_time(X509_get0_notBefore(x)));
  report.emplace_back("until", tls_time(X509_get0_notAfter(x)));
  report.emplace_back("usage", usage == UINT32_MAX
                                 ? "any"
                                 : std::string{(usage & XKU_SSL_SERVER) != 0 ? "server " : ""}
                                     + ((usage & XKU_SSL_CLIENT) != 0 ? "client" : ""));
  report.emplace_back("fingerprint", fingerprint_of(x));
  return report;
}

} // namespace sluice::net
