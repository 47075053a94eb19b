/// Who signed a body of the leads routes: the table of schemes, and the check.
#pragma once

#include "net/keys/ed25519.hpp"
#include "rules/leads/signed_body.hpp"
#include "rules/result.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sluice::net {

/// One way to sign. `verify` gets the 64 bytes of the signature.
struct signature_scheme {
  std::string_view name; // for people
  bool (*verify)(const public_key& key, std::string_view message,
                 const std::array<uint8_t, 64>& signature);
};

using signature_schemes = std::span<const signature_scheme>;

/// Every scheme that is taken: ed25519. The chain issue adds a line for sr25519; a wallet does not
/// state its scheme, so a signature is good when any of them takes it.
signature_schemes all_signature_schemes();

/// Bytes of a base64 text (RFC 4648, with padding, nothing else in it); none when it is no such
/// text.
std::optional<std::string> base64_bytes(std::string_view text);
std::string to_base64(std::string_view bytes);

/// The window that the body was signed in: the current one or the one before it. `field`: what
/// clients of the original sign the bare value of; "": nothing. Faults: ec::bad_input for a wallet
/// that is no address or a signature that is no base64 of 64 bytes (400); ec::refused when it does
/// not verify (401). `unix_ms`: milliseconds since 1970-01-01 UTC.
result<uint64_t> window_of_signature(const signed_body& body, std::string_view field,
                                     uint64_t unix_ms, signature_schemes schemes);

} // namespace sluice::net
