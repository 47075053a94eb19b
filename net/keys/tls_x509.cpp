#include "net/keys/tls_x509.hpp"

#include "net/keys/key_mode.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <unistd.h>

namespace sluice::net {

namespace {

constexpr size_t tls_file_bytes_max = 1 << 20;

std::string tls_entry(X509_NAME* from, int field) {
  const int at = X509_NAME_get_index_by_NID(from, field, -1);
  if (at < 0)
    return {};
  unsigned char* text = nullptr;
  const int size
    = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(from, at)));
  if (size < 0)
    return {};
  std::string value(reinterpret_cast<char*>(text), static_cast<size_t>(size));
  OPENSSL_free(text);
  return value;
}

std::string tls_address(const ASN1_OCTET_STRING* bytes) {
  char* text = i2s_ASN1_OCTET_STRING(nullptr, bytes); // hexadecimal, with colons
  std::string hex = text != nullptr ? text : "";
  OPENSSL_free(text);
  if (ASN1_STRING_length(bytes) != 4)
    return hex;
  std::string dotted;
  for (int i = 0; i < 4; ++i)
    dotted += (i > 0 ? "." : "") + std::to_string(ASN1_STRING_get0_data(bytes)[i]);
  return dotted;
}

std::vector<std::string> tls_hosts(X509* certificate) {
  std::vector<std::string> hosts;
  auto* names = static_cast<GENERAL_NAMES*>(
    X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
    const auto* name = sk_GENERAL_NAME_value(names, i);
    if (name->type == GEN_DNS)
      hosts.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)),
                         static_cast<size_t>(ASN1_STRING_length(name->d.dNSName)));
    else if (name->type == GEN_IPADD)
      hosts.push_back(tls_address(name->d.iPAddress));
  }
  GENERAL_NAMES_free(names);
  return hosts;
}

int64_t tls_seconds(const ASN1_TIME* time) {
  struct tm parts {};
  return ASN1_TIME_to_tm(time, &parts) == 1 ? static_cast<int64_t>(::timegm(&parts)) : 0;
}

result<bio_owner> tls_reader(const std::string& path, std::string& text) {
  auto read = read_tls_file(path);
  if (!read)
    return read.error();
  text = *std::move(read);
  return bio_owner{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
}

} // namespace

std::string tls_error() {
  const auto code = ERR_peek_last_error();
  const char* why = ERR_reason_error_string(code);
  std::string text = why != nullptr ? why : "unknown";
  ERR_clear_error();
  return text;
}

result<std::string> read_tls_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat facts {};
  std::string why;
  if (path.empty())
    why = "no file was named";
  else if (file < 0 || ::fstat(file, &facts) != 0)
    why = std::strerror(errno);
  else if (!S_ISREG(facts.st_mode))
    why = "expected a file";
  else if (static_cast<size_t>(facts.st_size) > tls_file_bytes_max)
    why = "expected at most 1 MiB";
  std::string text;
  if (why.empty()) {
    text.resize(static_cast<size_t>(facts.st_size));
    const auto got = ::read(file, text.data(), text.size());
    if (got != static_cast<ssize_t>(text.size()))
      why = got < 0 ? std::strerror(errno) : "it changed while it was read";
  }
  if (file >= 0)
    ::close(file);
  if (!why.empty())
    return fault{ec::unreachable, path + ": cannot be read: " + why};
  return text;
}

result<x509_owner> read_certificate(const std::string& path) {
  std::string text;
  auto bio = tls_reader(path, text);
  if (!bio)
    return bio.error();
  x509_owner certificate{PEM_read_bio_X509(bio->get(), nullptr, nullptr, nullptr)};
  if (certificate)
    return certificate;
  return fault{ec::bad_input, path + ": expected a certificate (PEM), got something else ("
                                + tls_error() + "); make one: sluice keys tls new"};
}

certificate_facts facts_of(X509* certificate) {
  certificate_facts out;
  for (const auto& host : tls_hosts(certificate))
    out.hosts.append(out.hosts.empty() ? "" : ", ").append(host);
  const bio_owner bio{BIO_new(BIO_s_mem())};
  X509_NAME_print_ex(bio.get(), X509_get_issuer_name(certificate), 0, XN_FLAG_ONELINE);
  char* bytes = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &bytes);
  out.issuer.assign(bytes, static_cast<size_t>(size));
  out.from_s = tls_seconds(X509_get0_notBefore(certificate));
  out.until_s = tls_seconds(X509_get0_notAfter(certificate));
  return out;
}

result<pkey_owner> read_private_key(const std::string& path) {
  if (auto open = open_key_fault(path))
    return *std::move(open);
  std::string text;
  auto bio = tls_reader(path, text);
  if (!bio)
    return bio.error();
  if (text.find("ENCRYPTED") != std::string::npos) {
    OPENSSL_cleanse(text.data(), text.size());
    return fault{ec::bad_input, path
                                  + ": expected a private key without a passphrase, got one that "
                                    "has one, which is never asked for; write it without: openssl "
                                    "pkey -in "
                                  + path + " -out NEW.key, and chmod 600 NEW.key"};
  }
  const auto no_passphrase = [](char*, int, int, void*) { return 0; };
  pkey_owner key{PEM_read_bio_PrivateKey(bio->get(), nullptr, no_passphrase, nullptr)};
  OPENSSL_cleanse(text.data(), text.size());
  if (key)
    return key;
  return fault{ec::bad_input, path
                                + ": expected a private key (PEM, without a passphrase), got "
                                  "something else ("
                                + tls_error() + "); make one: sluice keys tls new"};
}

result<tls_subject> subject_of(X509* certificate) {
  auto* from = X509_get_subject_name(certificate);
  const auto unit = tls_entry(from, NID_organizationalUnitName);
  const auto role = parse_fleet_role(unit);
  tls_subject subject{tls_entry(from, NID_commonName), role.value_or(fleet_role::worker),
                      tls_hosts(certificate)};
  if (!role)
    return fault{ec::bad_input, "certificate of " + subject.name + ": role (OU): expected "
                                  + std::string{fleet_roles} + ", got "
                                  + (unit.empty() ? "none" : unit)
                                  + "; make one: sluice keys tls new DIR --role ROLE"};
  if (subject.name.empty())
    return fault{ec::bad_input, "certificate: name (CN): expected one, got none; make one: sluice "
                                "keys tls new DIR --name NAME"};
  return subject;
}

std::string tls_time(const ASN1_TIME* time) {
  struct tm parts {};
  if (ASN1_TIME_to_tm(time, &parts) != 1)
    return "unknown";
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

} // namespace sluice::net
