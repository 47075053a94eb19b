#include "net/leads/signature_check.hpp"

#include "net/keys/ss58.hpp"

#include <algorithm>

namespace sluice::net {

namespace {

constexpr std::string_view base64_letters
  = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr size_t signature_bytes = 64;

bool ed25519_takes(const public_key& key, std::string_view message,
                   const std::array<uint8_t, 64>& signature) {
  return verify(key, message, signature);
}

constexpr std::array<signature_scheme, 1> every_scheme{{{"ed25519", ed25519_takes}}};

} // namespace

signature_schemes all_signature_schemes() {
  return every_scheme;
}

std::optional<std::string> base64_bytes(std::string_view text) {
  if (text.size() % 4 != 0)
    return {};
  const size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  text.remove_suffix(padding);
  std::string out;
  uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const auto value = base64_letters.find(c);
    if (value == std::string_view::npos)
      return {};
    bits = bits << 6 | static_cast<uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>(bits >> count & 0xff);
      bits &= (1U << count) - 1;
    }
  }
  // What is left over is nothing, and is 0: one value has one text.
  if (bits != 0 || (padding != 0 && count != static_cast<int>(2 * padding)))
    return {};
  return out;
}

std::string to_base64(std::string_view bytes) {
  std::string out;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const auto byte = [&](size_t k) -> uint32_t {
      return i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0;
    };
    const auto bits = byte(0) << 16 | byte(1) << 8 | byte(2);
    const auto letters = std::min<size_t>(bytes.size() - i, 3) + 1;
    for (size_t k = 0; k < 4; ++k)
      out += k < letters ? base64_letters[bits >> (18 - 6 * k) & 63] : '=';
  }
  return out;
}

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
