#include "net/keys/ed25519.hpp"

#include "io/text/hex.hpp"

#include <sodium.h>
#include <stdexcept>

namespace sluice::net {

namespace {

/// Chooses the fastest code and opens the source of chance; safe to repeat.
void ready() {
  static const bool good = ::sodium_init() >= 0;
  if (!good)
    throw std::runtime_error("libsodium cannot be used on this machine");
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

/// libsodium's own form of a key pair, wiped when it goes.
struct expanded {
  std::array<uint8_t, crypto_sign_SECRETKEYBYTES> secret{};
  public_key open{};

  explicit expanded(const secret_seed& seed) {
    ready();
    ::crypto_sign_seed_keypair(open.data(), secret.data(), seed.bytes().data());
  }
  expanded(const expanded&) = delete;
  expanded& operator=(const expanded&) = delete;
  ~expanded() { ::sodium_memzero(secret.data(), secret.size()); }
};

} // namespace

secret_seed::~secret_seed() {
  ::sodium_memzero(bytes_.data(), bytes_.size());
}

secret_seed secret_seed::fresh() {
  ready();
  secret_seed made;
  ::randombytes_buf(made.bytes_.data(), made.bytes_.size());
  return made;
}

public_key public_key_of(const secret_seed& seed) {
  return expanded{seed}.open;
}

ed25519_signature sign(const secret_seed& seed, std::string_view message) {
  const expanded keys{seed};
  ed25519_signature made{};
  ::crypto_sign_detached(made.data(), nullptr, bytes_of(message), message.size(),
                         keys.secret.data());
  return made;
}

bool verify(const public_key& key, std::string_view message, const ed25519_signature& signature) {
  ready();
  return ::crypto_sign_verify_detached(signature.data(), bytes_of(message), message.size(),
                                       key.data())
         == 0;
}

std::array<uint8_t, 32> random_bytes() {
  ready();
  std::array<uint8_t, 32> made{};
  ::randombytes_buf(made.data(), made.size());
  return made;
}

void wipe(std::string& text) {
  ::sodium_memzero(text.data(), text.size());
  text.clear();
}

std::string to_hex(const uint8_t* bytes, size_t size) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(2 * size);
  for (size_t i = 0; i < size; ++i) {
    text += digits[bytes[i] >> 4];
    text += digits[bytes[i] & 15];
  }
  return text;
}

bool from_hex(std::string_view text, uint8_t* bytes, size_t size) {
  if (text.starts_with("0x"))
    text.remove_prefix(2);
  if (text.size() != 2 * size)
    return false;
  for (size_t i = 0; i < size; ++i) {
    const int high = io::hex_digit(text[2 * i]);
    const int low = io::hex_digit(text[2 * i + 1]);
    if (high < 0 || low < 0)
      return false;
    bytes[i] = static_cast<uint8_t>(high << 4 | low);
  }
  return true;
}

} // namespace sluice::net
