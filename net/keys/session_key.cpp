#include "net/keys/session_key.hpp"

#include "net/keys/tls_x509.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <stdexcept>

namespace sluice::net {

namespace {

using pkey_work_owner = std::unique_ptr<EVP_PKEY_CTX, tls_free<EVP_PKEY_CTX_free>>;
using mac_owner = std::unique_ptr<EVP_MAC, tls_free<EVP_MAC_free>>;
using mac_work_owner = std::unique_ptr<EVP_MAC_CTX, tls_free<EVP_MAC_CTX_free>>;

void fill(unsigned char* bytes, size_t size) {
  if (RAND_bytes(bytes, static_cast<int>(size)) != 1)
    throw std::runtime_error("the system gives no chance: " + tls_error());
}

const unsigned char* raw(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

fleet_bytes hmac(const unsigned char* key, size_t key_size, std::string_view text) {
  fleet_bytes out{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key, static_cast<int>(key_size), raw(text), text.size(), out.data(), &size);
  return out;
}

} // namespace

session_half session_half::fresh() {
  session_half half;
  fill(half.secret_.data(), half.secret_.size());
  const pkey_owner key{EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, half.secret_.data(),
                                                    half.secret_.size())};
  size_t size = half.open_.size();
  if (!key || EVP_PKEY_get_raw_public_key(key.get(), half.open_.data(), &size) != 1)
    throw std::runtime_error("no session key could be made: " + tls_error());
  return half;
}

std::optional<fleet_bytes>
session_half::agree(const fleet_bytes& theirs, std::string_view transcript) const {
  const pkey_owner ours{
    EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, secret_.data(), secret_.size())};
  const pkey_owner other{
    EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nullptr, theirs.data(), theirs.size())};
  const pkey_work_owner work{ours ? EVP_PKEY_CTX_new(ours.get(), nullptr) : nullptr};
  fleet_bytes shared{};
  size_t size = shared.size();
  const bool good = other && work && EVP_PKEY_derive_init(work.get()) == 1
                    && EVP_PKEY_derive_set_peer(work.get(), other.get()) == 1
                    && EVP_PKEY_derive(work.get(), shared.data(), &size) == 1;
  ERR_clear_error();
  if (!good)
    return {};
  // Salt: all that was sent. Whoever changed a byte of it on the way has another secret.
  const auto secret = hmac(raw(transcript), transcript.size(),
                           {reinterpret_cast<const char*>(shared.data()), shared.size()});
  OPENSSL_cleanse(shared.data(), shared.size());
  return secret;
}

fleet_bytes direction_key(const fleet_bytes& secret, frame_direction direction) {
  return hmac(secret.data(), secret.size(),
              direction == frame_direction::to_node ? "sluice fleet 1: to the node"
                                                    : "sluice fleet 1: to the peer");
}

fleet_bytes frame_proof(const fleet_bytes& key, uint64_t session, uint64_t number, frame_kind kind,
                        std::string_view bytes) {
  std::array<unsigned char, 17> front{};
  for (size_t i = 0; i < 8; ++i) {
    front[i] = static_cast<unsigned char>(session >> (8 * i));
    front[8 + i] = static_cast<unsigned char>(number >> (8 * i));
  }
  front[16] = static_cast<unsigned char>(kind);
  static const mac_owner method{EVP_MAC_fetch(nullptr, "HMAC", nullptr)};
  const mac_work_owner work{EVP_MAC_CTX_new(method.get())};
  std::array<char, 7> hash{"SHA256"};
  const std::array<OSSL_PARAM, 2> params{OSSL_PARAM_construct_utf8_string("digest", hash.data(), 0),
                                         OSSL_PARAM_construct_end()};
  fleet_bytes out{};
  size_t size = 0;
  if (!work || EVP_MAC_init(work.get(), key.data(), key.size(), params.data()) != 1
      || EVP_MAC_update(work.get(), front.data(), front.size()) != 1
      || EVP_MAC_update(work.get(), raw(bytes), bytes.size()) != 1
      || EVP_MAC_final(work.get(), out.data(), &size, out.size()) != 1)
    throw std::runtime_error("no frame can be proved: " + tls_error());
  return out;
}

bool same_proof(const fleet_bytes& a, const fleet_bytes& b) {
  return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

uint64_t fresh_number() {
  std::array<unsigned char, 8> bytes{};
  uint64_t number = 0;
  while (number == 0) {
    fill(bytes.data(), bytes.size());
    for (const auto byte : bytes)
      number = number << 8 | byte;
  }
  return number;
}

fleet_bytes fresh_bytes() {
  fleet_bytes bytes{};
  fill(bytes.data(), bytes.size());
  return bytes;
}

} // namespace sluice::net
