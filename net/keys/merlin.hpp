/// Merlin transcripts over STROBE-128 and Keccak-f[1600]: what sr25519 derives its challenges from.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sluice::net {

/// The permutation of SHA-3 (FIPS 202, 24 rounds), on 25 lanes. No error.
void keccak_f1600(std::array<uint64_t, 25>& lanes);

/// The part of STROBE v1.0.2 that Merlin has; wiped when it goes. Every call takes the state
/// further; nothing fails.
class strobe_128 {
public:
  explicit strobe_128(std::string_view protocol);
  strobe_128(const strobe_128&) = default;
  strobe_128& operator=(const strobe_128&) = default;
  ~strobe_128();

  /// `more`: what the call before began goes on.
  void meta_ad(std::string_view data, bool more);
  void ad(std::string_view data);
  void prf(std::span<uint8_t> out);
  void key(std::span<const uint8_t> secret);

private:
  void begin(uint8_t flags, bool more);
  void absorb(uint8_t byte);
  void step();
  void run();

  std::array<uint8_t, 200> state_{};
  size_t at_ = 0;
  size_t begun_ = 0;
};

/// What was said so far, from which challenges follow. Texts are at most 4 GiB (not checked).
class merlin_transcript {
public:
  explicit merlin_transcript(std::string_view label);

  void append(std::string_view label, std::string_view message);
  void append(std::string_view label, std::span<const uint8_t> message);
  /// Bytes that depend on everything that was appended.
  void challenge(std::string_view label, std::span<uint8_t> out);
  /// Bytes that depend on it, on a secret of the signer's and on `fresh`, 32 bytes of chance. The
  /// transcript stays as it is.
  void witness(std::string_view label, std::span<const uint8_t> secret,
               std::span<const uint8_t> fresh, std::span<uint8_t> out) const;

private:
  strobe_128 strobe_;
};

} // namespace sluice::net
