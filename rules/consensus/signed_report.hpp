/// A report of miner statuses that its validator has signed, and the exact text of the signature.
///
/// The text has six lines with one LF between them and none at the end:
///
///     sluice consensus report 1
///     HOTKEY         SS58 address of the validator, as in the field `hotkey`
///     UID            its uid, decimal, as in `validator_uid`
///     EPOCH          decimal, as in `epoch`
///     ISSUED         milliseconds since 1970-01-01 UTC, decimal, as in `issued`
///     DIGEST         SHA-256 of the list, 64 lower-case hex digits
///
/// The digest is of the bytes of the list as they travel: of a form the value of `miner_statuses`
/// after percent-decoding; of JSON, where `miner_statuses` is a text, its decoded characters as
/// UTF-8, and where it is a list, the bytes of the body from its [ to its ]. `signature` is the
/// base64 text (RFC 4648, padded) of 64 bytes. The five fields besides the list have the same names
/// in a form and in JSON: validator_uid, epoch, hotkey, issued, signature.
#pragma once

#include "rules/chain/dev_chain.hpp"
#include "rules/fields.hpp"
#include "rules/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace sluice {

/// The first line of what is signed; another form of the text gets another number.
inline constexpr std::string_view signed_report_domain = "sluice consensus report 1";

/// Bytes of the list of a signed report, at most.
inline constexpr size_t signed_list_bytes_max = size_t{1} << 20;

/// As it travels. Nothing of it is believed before `signed_report_fault` has passed.
struct signed_report {
  uint16_t validator_uid = 0; // slot of the validator, 0 to 65535
  uint64_t epoch = 0;         // as the validator counts its reports: rises with each
  std::string hotkey;         // SS58 of the validator
  uint64_t issued_ms = 0;     // milliseconds since 1970-01-01 UTC, by the validator's clock
  std::string signature;      // base64 of 64 bytes
  std::string miner_statuses; // the list, byte by byte as it was signed
  SLUICE_FIELDS(validator_uid, epoch, hotkey, issued_ms, signature, miner_statuses)
  bool operator==(const signed_report&) const = default;
};

/// How old a report may be when it comes, and how far ahead of our clock. Milliseconds, from 0.
struct signed_report_terms {
  uint64_t age_ms = 300'000; // the window of reports: an older one would count for nothing
  uint64_t ahead_ms = 60'000;
  SLUICE_FIELDS(age_ms, ahead_ms)
  bool operator==(const signed_report_terms&) const = default;
};

/// Checks a signature over a text by whoever has this address. Faults: ec::bad_input for an address
/// that is none, ec::refused for a signature that does not verify. Of the network's layer, which
/// knows the schemes: net::verify_by.
using report_verifier = std::function<result<nothing>(
  std::string_view address, std::string_view text, const std::array<uint8_t, 64>& signature)>;

/// The text above. No error; what stands in `x` is not checked.
std::string report_text(const signed_report& x);

/// SHA-256 of `report_text`, 64 hex digits: the same for two reports exactly when the same was
/// signed, whatever bytes the signature has. By it a repeated report is recognised.
std::string report_digest(const signed_report& x);

/// Is it signed by its hotkey, and fresh at `unix_ms` (milliseconds since 1970-01-01 UTC)? Faults,
/// each with what was expected: ec::bad_input (400) for a hotkey that is no address, a signature
/// that is no base64 of 64 bytes, a list beyond its bound; ec::refused (401) for a signature that
/// does not verify, and for a report that is too old or too far ahead.
result<nothing>
check_signed_report(const signed_report& x, uint64_t unix_ms, const report_verifier& verifier,
                    const signed_report_terms& terms = {});

/// Is this hotkey, now, the validator of this uid? Faults: ec::refused (403) with what the
/// metagraph shows: no such hotkey, another uid, no permit.
result<nothing> check_validator_of(const signed_report& x, std::span<const neuron> metagraph);

} // namespace sluice
