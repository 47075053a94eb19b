#include "net/sports/signing.hpp"

#include "net/keys/sr25519.hpp"
#include "rules/sports/moment.hpp"

#include <array>
#include <utility>

namespace sluice::net {

namespace {

constexpr size_t sports_signature_bytes = 64;

result<nothing> check_text(const std::string& address, const std::string& text,
                           const std::string& signature, signature_schemes schemes) {
  const auto bytes = from_hex<sports_signature_bytes>(signature);
  if (!bytes)
    return fault{ec::refused, "signature: expected 128 hexadecimal digits"};
  auto good = verify_by(schemes, address, text, *bytes);
  if (good)
    return good;
  return fault{ec::refused, good.error().what};
}

result<nothing> check_moment(const std::string& timestamp, int64_t now_us, uint64_t window_s) {
  if (is_fresh(timestamp, now_us, window_s))
    return nothing{};
  return fault{ec::timeout, "timestamp: expected a moment with its offset, at most "
                              + std::to_string(window_s) + " s from " + sports_time_text(now_us)
                              + "; check the clock"};
}

} // namespace

sports_signer sports_signer_of(const key_pair& keys) {
  if (keys.kind == signature_kind::sr25519)
    return {keys.address, [secret = sr25519_secret::of_seed(keys.secret)](std::string_view text) {
              return to_hex(secret.sign(text));
            }};
  return {keys.address,
          [secret = keys.secret](std::string_view text) { return to_hex(sign(secret, text)); }};
}

result<sports_signer> sports_signer_of_file(const std::string& path) {
  if (path.empty())
    return sports_signer_of(make_key_pair(secret_seed::fresh()));
  const auto keys = read_key_file(path);
  if (!keys)
    return keys.error();
  return sports_signer_of(*keys);
}

std::string sports_writer::nonce(int64_t now_us) {
  const std::lock_guard lock{mutex_};
  return nonces_.next(now_us);
}

std::string sports_writer::handshake(int64_t now_us) {
  sports_handshake x{signer_.address, sports_time_text(now_us), nonce(now_us), {}};
  x.signature = signer_.sign(signing_text(x));
  return write_text(x);
}

std::string sports_writer::envelope(std::string_view type, std::string data, int64_t now_us) {
  sports_envelope x{std::string{type},        signer_.address, std::move(data),
                    sports_time_text(now_us), nonce(now_us),   {}};
  x.signature = signer_.sign(signing_text(x));
  return write_text(x);
}

result<nothing> check_signed(const sports_handshake& x, int64_t now_us, uint64_t window_s,
                             signature_schemes schemes) {
  auto fresh = check_moment(x.timestamp, now_us, window_s);
  return fresh ? check_text(x.hotkey, signing_text(x), x.signature, schemes) : fresh;
}

result<nothing> check_signed(const sports_envelope& x, int64_t now_us, uint64_t window_s,
                             signature_schemes schemes) {
  auto fresh = check_moment(x.timestamp, now_us, window_s);
  return fresh ? check_text(x.sender, signing_text(x), x.signature, schemes) : fresh;
}

} // namespace sluice::net
