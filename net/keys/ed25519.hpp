/// Ed25519 signatures (RFC 8032) with libsodium.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::net {

/// 32 bytes, as RFC 8032 encodes a point; whether it is one is seen when a signature is verified.
using public_key = std::array<uint8_t, 32>;
/// 64 bytes: R, then S.
using ed25519_signature = std::array<uint8_t, 64>;

/// The 32 secret bytes of RFC 8032, wiped when they go. Never printed, never compared.
class secret_seed {
public:
  secret_seed() = default;
  /// Any 32 bytes. Errors: none.
  explicit secret_seed(const std::array<uint8_t, 32>& bytes) : bytes_(bytes) {}
  secret_seed(const secret_seed&) = default;
  secret_seed& operator=(const secret_seed&) = default;
  ~secret_seed();

  /// From the system's source of chance. std::runtime_error when libsodium cannot be used.
  static secret_seed fresh();

  /// All 32. Errors: none.
  const std::array<uint8_t, 32>& bytes() const { return bytes_; }

private:
  std::array<uint8_t, 32> bytes_{};
};

public_key public_key_of(const secret_seed& seed);

ed25519_signature sign(const secret_seed& seed, std::string_view message);

/// Strict: a signature in another form (S not reduced), small-order and non-canonical keys are bad.
bool verify(const public_key& key, std::string_view message, const ed25519_signature& signature);

/// Bytes from the system's source of chance, for nonces. 32 of them. std::runtime_error when
/// libsodium cannot be used.
std::array<uint8_t, 32> random_bytes();

/// Overwrites a text that held a secret.
void wipe(std::string& text);

/// Lower case, without a prefix. Two digits per byte; `size` bytes from 0 must be there, which is
/// not checked.
std::string to_hex(const uint8_t* bytes, size_t size);
/// 2 * N digits. Errors: none.
template <size_t N>
std::string to_hex(const std::array<uint8_t, N>& bytes) {
  return to_hex(bytes.data(), N);
}

/// Exactly `size` bytes, either case, "0x" may be in front. `bytes` must have space for them. False
/// for any other text; `bytes` may be written to then.
bool from_hex(std::string_view text, uint8_t* bytes, size_t size);
/// None when it is not exactly N bytes.
template <size_t N>
std::optional<std::array<uint8_t, N>> from_hex(std::string_view text) {
  std::array<uint8_t, N> bytes{};
  if (!from_hex(text, bytes.data(), N))
    return {};
  return bytes;
}

} // namespace sluice::net
