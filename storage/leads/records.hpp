/// What the leads mechanism remembers, one plain struct per kind of row.
#pragma once

#include "rules/fields.hpp"
#include "rules/leads/flow.hpp"
#include "rules/leads/intake.hpp"
#include "rules/leads/lead.hpp"
#include "rules/leads/publish.hpp"

#include <cstdint>
#include <string>

namespace sluice {

/// Documents of one request, in the order in which they came: from 0, without a gap. `request_id`:
/// at most leads_limits::document_id_bytes_max bytes.
struct lead_result_key {
  std::string request_id;
  uint32_t number = 0;
  SLUICE_FIELDS(request_id, number)
  friend auto operator<=>(const lead_result_key&, const lead_result_key&) = default;
};

/// A curation result as it came. `arrival`: its number among all, from 0, without a gap;
/// `stored_ms`: milliseconds since 1970-01-01 UTC by the clock of who stored it.
struct stored_result {
  uint64_t arrival = 0;
  uint64_t stored_ms = 0;
  std::string origin; // "import", "curation", "route"
  curation_result document;
  SLUICE_FIELDS(arrival, stored_ms, origin, document)
  bool operator==(const stored_result&) const = default;
};

/// A lead that passed the checks of the intake. `arrival`: its number in the pool, from 0, without
/// a gap; `stored_ms`: as above.
struct pool_lead {
  uint64_t arrival = 0;
  uint64_t stored_ms = 0;
  std::string submitted_by; // hotkey
  lead value;
  SLUICE_FIELDS(arrival, stored_ms, submitted_by, value)
  bool operator==(const pool_lead&) const = default;
};

} // namespace sluice
