/// Sr25519 signatures, those of Substrate's wallets: schnorrkel over libsodium's ristretto255, in
/// the context "substrate".
#pragma once

#include "net/keys/ed25519.hpp"
#include "rules/result.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace sluice::net {

/// 64 bytes: R, then s, whose highest bit marks schnorrkel's signatures.
using sr25519_signature = std::array<uint8_t, 64>;

/// What signs: a scalar and a nonce, wiped when they go. Never printed, never compared.
class sr25519_secret {
public:
  /// Of a mini secret: the 32 bytes that a wallet states as its seed, expanded in the way of
  /// ed25519. Any 32 bytes. std::runtime_error when libsodium cannot be used.
  static sr25519_secret of_seed(const secret_seed& seed);
  /// Of a wallet's 64 bytes: the scalar (the lowest byte first), then the nonce. ec::bad_input when
  /// the scalar is 0 or not below the order of the group.
  static result<sr25519_secret> of_wallet(const std::array<uint8_t, 64>& bytes);

  sr25519_secret(const sr25519_secret&) = default;
  sr25519_secret& operator=(const sr25519_secret&) = default;
  ~sr25519_secret();

  /// Under which its signatures are good. No error.
  const public_key& open() const { return open_; }

  /// Any text. Two signatures of one text differ: randomness of the system is mixed in, and a
  /// failing source of it would still not repeat a witness over different texts.
  /// std::runtime_error when libsodium cannot be used.
  sr25519_signature sign(std::string_view message) const;

private:
  sr25519_secret() = default;

  std::array<uint8_t, 32> scalar_{}; // below the order of the group
  std::array<uint8_t, 32> nonce_{};
  public_key open_{};
};

/// Strict: without the mark, with s not below the order, with a key or R in another form than the
/// canonical one, or with the identity as the key it is bad. Nothing in it is secret.
bool verify_sr25519(const public_key& key, std::string_view message,
                    const sr25519_signature& signature);

} // namespace sluice::net
