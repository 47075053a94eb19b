/// What people need to know of a certificate: for whom it is, by whom, from when until when.
#pragma once

#include <cstdint>
#include <string>

namespace sluice::net {

/// Of a certificate that was read. Times are seconds since 1970-01-01 UTC. Errors: none.
struct certificate_facts {
  std::string hosts;  // names and addresses in its subjectAltName, with ", " between them
  std::string issuer; // the issuer's subject
  int64_t from_s = 0;
  int64_t until_s = 0; // the last second in which it is good
};

/// Seconds within which an end that is near is warned about: 14 days.
inline constexpr int64_t certificate_warning_s = int64_t{14} * 24 * 3600;

/// "2026-11-21T12:00:00Z". Seconds since 1970-01-01 UTC; any number.
std::string utc_text(int64_t unix_s);

/// Why a certificate cannot be used now: "expired at ..." or "is valid only from ..."; "" when it
/// can. `unix_s`: now, seconds since 1970-01-01 UTC.
std::string date_fault(const certificate_facts& x, int64_t unix_s);

/// "expires at ..., in 5 days" when that is within `certificate_warning_s` of now or was before;
/// else "". `unix_s`: as above.
std::string date_warning(const certificate_facts& x, int64_t unix_s);

/// "for HOSTS, issued by NAME, valid from TIME to TIME".
std::string facts_text(const certificate_facts& x);

} // namespace sluice::net
