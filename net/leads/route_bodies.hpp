/// Reads the bodies and queries of the leads routes: bounded, every field checked.
#pragma once

#include "io/text/json_fields.hpp"
#include "rules/leads/calls.hpp"
#include "rules/result.hpp"

#include <string>
#include <string_view>

namespace sluice::net {

/// The object of a body whose bytes and form were checked by read_signed_body. ec::bad_input.
result<io::json> leads_body_object(std::string_view text);

/// All of these fail with ec::bad_input: which field, what was expected, what there is. Fields that
/// they do not know are passed over: they are signed, and clients of the original send more.
///
/// The list in the field of this name ("leads", "prospects"), `least` to call_leads_max of them.
result<std::vector<lead>> leads_of_body(io::json& object, std::string_view field, size_t least);

/// num_leads and business_desc. `required`: both must be there; else 1 and "".
struct asked_leads {
  uint64_t num_leads = 1; // 1 to asked_leads_max
  std::string business_desc;
};
result<asked_leads> asked_of_body(io::json& object, bool required);

/// An id of a request in the field of this name.
result<std::string> request_id_of_body(const io::json& object, std::string_view field);

/// A lease as it was handed out.
result<std::string> lease_of_body(const io::json& object);

/// `limit` of a body: 1 to listed_max, 100 when it is not there.
result<uint64_t> limit_of_body(const io::json& object);
/// The same of a query; another name in it is a fault.
result<uint64_t> limit_of_query(std::string_view query);

/// Shares by hotkey.
result<std::map<std::string, double>> weights_of_body(const io::json& object);

} // namespace sluice::net
