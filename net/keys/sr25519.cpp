#include "net/keys/sr25519.hpp"

#include "net/keys/merlin.hpp"

#include <algorithm>
#include <cstring>
#include <sodium.h>
#include <span>
#include <stdexcept>

namespace sluice::net {

namespace {

using scalar_bytes = std::array<uint8_t, 32>;
using wide_bytes = std::array<uint8_t, 64>;

constexpr uint8_t schnorrkel_mark = 0x80;
/// 2^252 + 27742317777372353535851937790883648493, the lowest byte first.
constexpr scalar_bytes group_order{0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
                                   0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
                                   0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};

void ristretto_ready() {
  static const bool good = ::sodium_init() >= 0;
  if (!good)
    throw std::runtime_error("libsodium cannot be used on this machine");
}

/// Without a branch that depends on the bytes.
bool is_below_order(const scalar_bytes& x) {
  unsigned borrow = 0;
  for (size_t i = 0; i < x.size(); ++i)
    borrow = ((x[i] - group_order[i] - borrow) >> 8) & 1;
  return borrow == 1;
}

/// n * the base point. libsodium's -1 stands for the identity, which is 32 zeros.
public_key times_base(const scalar_bytes& n) {
  public_key made{};
  if (::crypto_scalarmult_ristretto255_base(made.data(), n.data()) != 0)
    made.fill(0);
  return made;
}

merlin_transcript transcript_of(std::string_view message, const public_key& open) {
  merlin_transcript made{"SigningContext"};
  made.append("", std::string_view{"substrate"});
  made.append("sign-bytes", message);
  made.append("proto-name", std::string_view{"Schnorr-sig"});
  made.append("sign:pk", std::span<const uint8_t>{open});
  return made;
}

scalar_bytes challenge_of(merlin_transcript& transcript, std::span<const uint8_t> r) {
  transcript.append("sign:R", r);
  wide_bytes wide{};
  transcript.challenge("sign:c", wide);
  scalar_bytes made{};
  ::crypto_core_ristretto255_scalar_reduce(made.data(), wide.data());
  return made;
}

} // namespace

sr25519_secret::~sr25519_secret() {
  ::sodium_memzero(scalar_.data(), scalar_.size());
  ::sodium_memzero(nonce_.data(), nonce_.size());
}

sr25519_secret sr25519_secret::of_seed(const secret_seed& seed) {
  ristretto_ready();
  wide_bytes hash{};
  ::crypto_hash_sha512(hash.data(), seed.bytes().data(), seed.bytes().size());
  hash[0] &= 248;
  hash[31] &= 63;
  hash[31] |= 64;
  sr25519_secret made;
  uint8_t low = 0;
  for (size_t i = 32; i-- > 0;) { // divided by the cofactor, 8
    made.scalar_[i] = static_cast<uint8_t>((hash[i] >> 3) | low);
    low = static_cast<uint8_t>(hash[i] << 5);
  }
  std::copy(hash.begin() + 32, hash.end(), made.nonce_.begin());
  ::sodium_memzero(hash.data(), hash.size());
  made.open_ = times_base(made.scalar_);
  return made;
}

result<sr25519_secret> sr25519_secret::of_wallet(const std::array<uint8_t, 64>& bytes) {
  ristretto_ready();
  sr25519_secret made;
  std::copy(bytes.begin(), bytes.begin() + 32, made.scalar_.begin());
  std::copy(bytes.begin() + 32, bytes.end(), made.nonce_.begin());
  const bool zero = ::sodium_is_zero(made.scalar_.data(), made.scalar_.size()) == 1;
  if (zero || !is_below_order(made.scalar_))
    return fault{ec::bad_input,
                 "the secret is no sr25519 key: expected a scalar above 0 and below the order of "
                 "the group in its first 32 bytes; restore it from the wallet"};
  made.open_ = times_base(made.scalar_);
  return made;
}

sr25519_signature sr25519_secret::sign(std::string_view message) const {
  ristretto_ready();
  auto transcript = transcript_of(message, open_);
  wide_bytes wide{};
  auto fresh = random_bytes();
  transcript.witness("signing", nonce_, fresh, wide);
  scalar_bytes witness{};
  ::crypto_core_ristretto255_scalar_reduce(witness.data(), wide.data());
  const auto r = times_base(witness);
  const auto challenge = challenge_of(transcript, r);
  scalar_bytes s{};
  ::crypto_core_ristretto255_scalar_mul(s.data(), challenge.data(), scalar_.data());
  ::crypto_core_ristretto255_scalar_add(s.data(), s.data(), witness.data());
  sr25519_signature made{};
  std::copy(r.begin(), r.end(), made.begin());
  std::copy(s.begin(), s.end(), made.begin() + 32);
  made[63] |= schnorrkel_mark;
  ::sodium_memzero(wide.data(), wide.size());
  ::sodium_memzero(fresh.data(), fresh.size());
  ::sodium_memzero(witness.data(), witness.size());
  ::sodium_memzero(s.data(), s.size());
  return made;
}

bool verify_sr25519(const public_key& key, std::string_view message,
                    const sr25519_signature& signature) {
  ristretto_ready();
  if ((signature[63] & schnorrkel_mark) == 0)
    return false;
  scalar_bytes s{};
  std::copy(signature.begin() + 32, signature.end(), s.begin());
  s[31] &= static_cast<uint8_t>(~schnorrkel_mark);
  const bool identity = ::sodium_is_zero(key.data(), key.size()) == 1; // anybody signs for it
  if (identity || !is_below_order(s) || ::crypto_core_ristretto255_is_valid_point(key.data()) != 1)
    return false;
  auto transcript = transcript_of(message, key);
  const std::span<const uint8_t> r{signature.data(), 32};
  const auto challenge = challenge_of(transcript, r);
  const auto left = times_base(s);
  public_key right{};
  if (::crypto_scalarmult_ristretto255(right.data(), challenge.data(), key.data()) != 0)
    right.fill(0); // as above: that the key is a point was seen
  public_key expected{};
  if (::crypto_core_ristretto255_sub(expected.data(), left.data(), right.data()) != 0)
    return false;
  return std::equal(expected.begin(), expected.end(), r.begin());
}

} // namespace sluice::net
