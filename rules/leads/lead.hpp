/// A lead and a curation result: what buyers were delivered, by whom it was found and chosen.
#pragma once

#include "rules/fields.hpp"
#include "rules/leads/timestamp.hpp"
#include "rules/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::leads_limits {

/// All are the highest that is allowed. Names with bytes are in bytes, the others count. What is
/// beyond is refused with ec::bad_input where it is read.
inline constexpr size_t text_bytes_max = 2048;       // a field of a lead without a line of its own
inline constexpr size_t hotkey_bytes_max = 128;      // source, curated_by
inline constexpr size_t ident_bytes_max = 254;       // id, owner_email: a key of a table
inline constexpr size_t document_id_bytes_max = 128; // request_id of a document: a key of a table
inline constexpr size_t time_bytes_max = 64;         // a time that is text
inline constexpr size_t document_leads_max = 10'000; // in one curation result
inline constexpr size_t metagraph_hotkeys_max = 65'536; // in one list

} // namespace sluice::leads_limits

namespace sluice {

/// "" and none: not known. Bounds: leads_limits. Source: facts/mechanisms B2.
struct lead {
  std::string id;                         // usually a UUID
  std::string source;                     // hotkey of who found it
  std::string curated_by;                 // hotkey of who chose it for the buyer
  std::optional<double> conversion_score; // 0 to 1 by who made it; not checked
  std::optional<double> llm_score;        // the same
  lead_time created_at;
  lead_time updated_at;
  std::string owner_email;
  std::string business;
  std::string website;
  std::string industry;
  std::string sub_industry;
  std::string region;
  std::string role;
  std::string first;
  std::string last;
  std::string owner_full_name;
  std::string linkedin;
  SLUICE_FIELDS(id, source, curated_by, conversion_score, llm_score, created_at, updated_at,
                owner_email, business, website, industry, sub_industry, region, role, first, last,
                owner_full_name, linkedin)
  bool operator==(const lead&) const = default;
};

/// What one buyer's request was answered with.
struct curation_result {
  std::string request_id; // "": not known
  lead_time timestamp;    // of the document, for leads without a time of their own
  std::vector<lead> leads;
  SLUICE_FIELDS(request_id, timestamp, leads)
  bool operator==(const curation_result&) const = default;
};

/// Prospects as a miner handed them in.
struct prospect_batch {
  std::string miner_hotkey;
  std::vector<lead> prospects;
  lead_time created_at;
  SLUICE_FIELDS(miner_hotkey, prospects, created_at)
  bool operator==(const prospect_batch&) const = default;
};

/// A to Z become a to z; other bytes stay.
std::string lower_ascii(std::string_view text);

/// By what two records of a request are the same lead: the id, else the e-mail address in lower
/// case; "" when there is neither. No error.
std::string ident_of(const lead& x);

/// By what the pool knows a lead: the e-mail address in lower case; "" when there is none.
std::string pool_ident_of(const lead& x);

/// When the lead was made: its own time, else that of the document, in microseconds since 1970;
/// none when neither is a time.
std::optional<int64_t> time_of(const lead& x, const lead_time& of_document);

/// ec::bad_input with the first field that is longer than leads_limits allows, or holds a number
/// that is not finite: "leads[2].website: expected at most 2048 bytes, got 4000; ...".
result<nothing> check_bounds(const curation_result& x);
/// The same of one lead, whose place is `where` ("leads[2]").
result<nothing> check_bounds(const lead& x, std::string_view where);

} // namespace sluice
