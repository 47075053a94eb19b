#include "net/leads/signature_check.hpp"

#include "net/keys/ss58.hpp"
#include "rules/base64.hpp"

#include <algorithm>

namespace sluice::net {

namespace {

constexpr size_t signature_bytes = 64;

} // namespace

result<uint64_t> window_of_signature(const signed_body& body, std::string_view field,
                                     uint64_t unix_ms, signature_schemes schemes) {
  if (!body.wallet)
    return fault{ec::bad_input, "wallet: expected the SS58 address of who signs, got nothing"};
  if (!body.signature)
    return fault{ec::bad_input, "signature: expected the base64 text of 64 bytes, got nothing"};
  const auto key = parse_public_key(*body.wallet);
  if (!key)
    return fault{ec::bad_input, "wallet: " + key.error().what};
  const auto bytes = base64_bytes(*body.signature);
  if (!bytes || bytes->size() != signature_bytes)
    return fault{ec::bad_input,
                 "signature: expected the base64 text of 64 bytes, got "
                   + (bytes ? std::to_string(bytes->size()) + " bytes" : std::string{"no base64"})};
  std::array<uint8_t, signature_bytes> signature{};
  std::ranges::copy(*bytes, signature.begin());
  const auto payload = signed_payload(body);
  const auto bare = bare_payload(body, field);
  for (const auto window : accepted_windows(unix_ms))
    for (const auto& scheme : schemes)
      if (scheme.verify(*key, signed_text(window, payload), signature)
          || (bare && scheme.verify(*key, signed_text(window, *bare), signature)))
        return window;
  return fault{
    ec::refused,
    "the signature is not this wallet's over this body in the window of 300 s that is now ("
      + std::to_string(signature_window(unix_ms))
      + ") or the one before; check the clock and docs/leads-api.md, \"Signing\""};
}

} // namespace sluice::net
