/// A request that a worker has signed with its hotkey, and the exact text of the signature.
///
/// The text has six lines with one LF between them and none at the end:
///
///     sluice consensus call 1
///     METHOD         of the request, as "POST"
///     TARGET         its path, and behind a ? its query where it has one
///     HOTKEY         SS58 address of the worker, as in the header X-Hotkey
///     ISSUED         milliseconds since 1970-01-01 UTC, decimal, as in X-Issued
///     DIGEST         SHA-256 of the body, 64 lower-case hex digits
///
/// X-Signature is the base64 text (RFC 4648, padded) of the 64 bytes.
#pragma once

#include "rules/consensus/signed_report.hpp"
#include "rules/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice {

/// The first line of what is signed; another form of the text gets another number.
inline constexpr std::string_view signed_call_domain = "sluice consensus call 1";

/// As it travels. Nothing of it is believed before `check_signed_call` has passed.
struct signed_call {
  std::string method;
  std::string target;
  std::string hotkey;     // SS58
  uint64_t issued_ms = 0; // milliseconds since 1970-01-01 UTC, by the worker's clock
  std::string signature;  // base64 of 64 bytes
  std::string_view body;  // belongs to the caller
};

/// How old a call may be, and how far ahead of our clock. In this time a copy of it is taken again:
/// what workers ask for has no effect twice. Milliseconds, from 0.
inline constexpr signed_report_terms signed_call_terms{60'000, 60'000};

/// The text above. No error; what stands in `x` is not checked.
std::string call_text(const signed_call& x);

/// Is it signed by its hotkey, and fresh at `unix_ms` (milliseconds since 1970-01-01 UTC)? Faults:
/// ec::bad_input (400) for a hotkey that is no address or a signature that is no base64 of 64
/// bytes; ec::refused (401) for a signature that does not verify, or a call that is not fresh.
result<nothing>
check_signed_call(const signed_call& x, uint64_t unix_ms, const report_verifier& verifier,
                  const signed_report_terms& terms = signed_call_terms);

} // namespace sluice
