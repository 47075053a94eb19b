/// The ways in which a hotkey may sign what it sends over HTTP: a table, and who tries them.
#pragma once

#include "net/keys/ed25519.hpp"
#include "rules/result.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace sluice::net {

/// One way to sign. `verify` gets the 64 bytes of the signature.
struct signature_scheme {
  std::string_view name; // for people
  bool (*verify)(const public_key& key, std::string_view message,
                 const std::array<uint8_t, 64>& signature);
};

using signature_schemes = std::span<const signature_scheme>;

/// Every scheme that is taken: ed25519, sr25519. A hotkey does not state its scheme, so a signature
/// is good when any of them takes it; sr25519's are marked, which makes trying both cheap.
signature_schemes all_signature_schemes();

/// Does any of these take it? `address`: SS58, of who signs. Faults: ec::bad_input for an address
/// that is none (what was expected of it); ec::refused when no scheme takes the signature.
result<nothing> verify_by(signature_schemes schemes, std::string_view address,
                          std::string_view message, const std::array<uint8_t, 64>& signature);

} // namespace sluice::net
