/// How the sports mechanism's messages are signed, and checked, by either side.
#pragma once

#include "net/keys/key_file.hpp"
#include "net/keys/signature_schemes.hpp"
#include "rules/result.hpp"
#include "rules/sports/envelope.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace sluice::net {

/// Who signs, and how. `sign`: any thread; 128 hexadecimal digits.
struct sports_signer {
  std::string address; // SS58
  std::function<std::string(std::string_view text)> sign;
};

/// Of a key (ed25519 or sr25519), whose secret it keeps.
sports_signer sports_signer_of(const key_pair& keys);
/// Of a key file; of "" a fresh ed25519 key. Faults as read_key_file.
result<sports_signer> sports_signer_of_file(const std::string& path);

/// Makes the signed texts of one side, with nonces that rise. Any thread. `now_us`: microseconds
/// since 1970-01-01 UTC, from 0.
class sports_writer {
public:
  explicit sports_writer(sports_signer signer) : signer_(std::move(signer)) {}

  std::string handshake(int64_t now_us);
  /// `data`: canonical JSON of an object; not checked.
  std::string envelope(std::string_view type, std::string data, int64_t now_us);

  const std::string& address() const { return signer_.address; }

private:
  std::string nonce(int64_t now_us);

  sports_signer signer_;
  std::mutex mutex_; // of the nonces
  sports_nonce_source nonces_;
};

/// Is it signed by who it states, and fresh at `now_us` within `window_s` seconds? ec::timeout: not
/// fresh, or no moment with an offset; ec::refused: the signature, or the address, is not good.
/// Nonces are not looked at.
result<nothing> check_signed(const sports_handshake& x, int64_t now_us, uint64_t window_s,
                             signature_schemes schemes);
result<nothing> check_signed(const sports_envelope& x, int64_t now_us, uint64_t window_s,
                             signature_schemes schemes);

} // namespace sluice::net
