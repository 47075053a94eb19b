/// What a wallet signs of a body of the leads routes: time window and key-sorted JSON, byte by
/// byte.
///
/// The signed text is the number of the window, floor(unix seconds / 300) in decimals, and directly
/// behind it the payload: the body's object without `wallet` and `signature`, as Python's
/// json.dumps(payload, sort_keys=True) writes it (canonical_json.hpp). Clients of the original sign
/// the bare value of one field in place of the object on four routes; that form is taken where the
/// body has no other field.
#pragma once

#include "rules/result.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice {

/// Seconds that a signature's window lasts.
inline constexpr uint64_t signature_window_s = 300;

/// Number of the window of a moment, from 0. `unix_ms`: milliseconds since 1970-01-01 UTC. No
/// error.
constexpr uint64_t signature_window(uint64_t unix_ms) {
  return unix_ms / 1000 / signature_window_s;
}

/// The windows whose signatures are taken at a moment: its own, and the one before it where there
/// is one (else its own twice). `unix_ms` as above. No error.
constexpr std::array<uint64_t, 2> accepted_windows(uint64_t unix_ms) {
  const auto now = signature_window(unix_ms);
  return {now, now == 0 ? now : now - 1};
}

/// A body, taken apart.
struct signed_body {
  std::optional<std::string> wallet;    // SS58
  std::optional<std::string> signature; // base64
  /// The other members, by key; values as canonical JSON.
  std::vector<std::pair<std::string, std::string>> members;
};

/// Reads the object of a body. ec::bad_input: no JSON object within the bounds of
/// canonical_json.hpp, or `wallet` or `signature` that is no text.
result<signed_body> read_signed_body(std::string_view text);

/// The payload as it is signed.
std::string signed_payload(const signed_body& x);

/// The bare value of the only member when it has this name; none otherwise.
std::optional<std::string> bare_payload(const signed_body& x, std::string_view field);

/// `window`: as of signature_window.
std::string signed_text(uint64_t window, std::string_view payload);

/// 64 hex digits that are the same for the same wallet, path, payload and window: by them a
/// repeated body is recognised.
std::string body_name(std::string_view wallet, std::string_view path, uint64_t window,
                      std::string_view payload);

} // namespace sluice
