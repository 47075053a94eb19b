/// Curation results, leads and prospects as JSON, in both directions.
#pragma once

#include "io/text/json_fields.hpp"
#include "io/text/json_place.hpp"
#include "rules/leads/lead.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sluice::io {

/// What is wrong with a record, and where: the way from its root.
struct record_fault {
  json_path path;
  std::string expected;
  std::string got;
};

/// From a document to the value; none, and what is wrong with it first, in `wrong`: no object, no
/// list of objects, or beyond leads_limits. A text that is a number is taken as its digits, one
/// that is anything else as missing, as is null; what is unknown is passed over. A conversion score
/// that is neither null nor a number counts as 0 (README of the cases, leads, rule 6).
std::optional<curation_result> read_curation_result(const json& x, record_fault& wrong);
std::optional<lead> read_lead(const json& x, record_fault& wrong);
std::optional<prospect_batch> read_prospect_batch(const json& x, record_fault& wrong);

/// A time in any form; what is none is lead_time_form::other, as is a text that is longer than
/// leads_limits::time_bytes_max.
lead_time read_lead_time(const json& x);

/// Back again: times as they came, empty fields left out.
json lead_json(const lead& x);
json lead_time_json(const lead_time& x);
/// With "kind": "curation_result", as files of JSON lines have it.
json curation_result_json(const curation_result& x);

} // namespace sluice::io
