/// Who signed a body of the leads routes, and when.
#pragma once

#include "net/keys/signature_schemes.hpp"
#include "rules/leads/signed_body.hpp"
#include "rules/result.hpp"

#include <cstdint>
#include <string_view>

namespace sluice::net {

/// The window that the body was signed in: the current one or the one before it. `field`: what
/// clients of the original sign the bare value of; "": nothing. Faults: ec::bad_input for a wallet
/// that is no address or a signature that is no base64 of 64 bytes (400); ec::refused when it does
/// not verify (401). `unix_ms`: milliseconds since 1970-01-01 UTC.
result<uint64_t> window_of_signature(const signed_body& body, std::string_view field,
                                     uint64_t unix_ms, signature_schemes schemes);

} // namespace sluice::net
