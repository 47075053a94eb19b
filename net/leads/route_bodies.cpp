#include "net/leads/route_bodies.hpp"

#include "net/leads/lead_json.hpp"
#include "net/miner_gateway/wire_text.hpp"

#include <charconv>
#include <cmath>

namespace sluice::net::wire {

namespace {

struct asked_body {
  uint64_t num_leads = 1;
  std::string business_desc;
  SLUICE_FIELDS(num_leads, business_desc)
};
struct limit_body {
  uint64_t limit = 100;
  SLUICE_FIELDS(limit)
};
struct lease_body {
  std::string lease;
  SLUICE_FIELDS(lease)
};

template <class T>
result<T> read_route_body(const io::json& object) {
  T made;
  reader in{false};
  in.take_fields(object, made);
  if (in.error())
    return *in.error();
  return made;
}

fault bad_field(std::string_view field, const std::string& expected, const std::string& got) {
  return {ec::bad_input, std::string{field} + ": expected " + expected + ", got " + got};
}

std::string whole_from_1(size_t most) {
  return "a whole number from 1 to " + std::to_string(most);
}

} // namespace

template <>
inline constexpr std::array<std::string_view, 2> optional_fields<asked_body>{"num_leads",
                                                                             "business_desc"};
template <>
inline constexpr std::array<std::string_view, 1> optional_fields<limit_body>{"limit"};

} // namespace sluice::net::wire

namespace sluice::net {

using wire::bad_field;
using wire::whole_from_1;

result<io::json> leads_body_object(std::string_view text) {
  return wire::parse(text, "body");
}

result<std::vector<lead>> leads_of_body(io::json& object, std::string_view field, size_t least) {
  const auto at = object.find(field);
  const auto expected = std::string{"a list of "} + std::to_string(least) + " to "
                        + std::to_string(leads_limits::call_leads_max) + " leads";
  if (at == object.end())
    return bad_field(field, expected, "nothing");
  if (!at->is_array())
    return bad_field(field, expected, io::shown(*at));
  if (at->size() < least || at->size() > leads_limits::call_leads_max)
    return bad_field(field, expected, std::to_string(at->size()));
  wire::read_aliases(*at);
  std::vector<lead> made;
  wire::reader in{false, field};
  in.take(*at, made);
  if (in.error())
    return *in.error();
  if (auto why = wire::leads_fault(made, field))
    return *why;
  return made;
}

result<asked_leads> asked_of_body(io::json& object, bool required) {
  if (const auto at = object.find("business_desc"); at != object.end() && at->is_string())
    for (auto& c : at->get_ref<std::string&>())
      if (c == '\n' || c == '\r' || c == '\t')
        c = ' '; // people write several lines
  for (const auto* field : {"num_leads", "business_desc"})
    if (required && !object.contains(field))
      return bad_field(field,
                       std::string_view{field} == "num_leads"
                         ? whole_from_1(leads_limits::asked_leads_max)
                         : "a text of what is looked for",
                       "nothing");
  const auto read = wire::read_route_body<wire::asked_body>(object);
  if (!read)
    return read.error();
  if (read->num_leads == 0 || read->num_leads > leads_limits::asked_leads_max)
    return bad_field("num_leads", whole_from_1(leads_limits::asked_leads_max),
                     std::to_string(read->num_leads));
  return asked_leads{read->num_leads, read->business_desc};
}

result<std::string> request_id_of_body(const io::json& object, std::string_view field) {
  const auto at = object.find(field);
  const auto expected
    = "1 to " + std::to_string(leads_limits::request_id_bytes_max) + " of A-Z a-z 0-9 . _ -";
  if (at == object.end())
    return bad_field(field, expected, "nothing");
  if (!at->is_string() || !is_request_id(at->get_ref<const std::string&>()))
    return bad_field(field, expected, io::shown(*at));
  return at->get<std::string>();
}

result<std::string> lease_of_body(const io::json& object) {
  auto read = wire::read_route_body<wire::lease_body>(object);
  if (!read)
    return read.error();
  if (!is_request_id(read->lease))
    return bad_field("lease", "the lease of an item that was fetched", io::quoted(read->lease));
  return std::move(read->lease);
}

result<uint64_t> limit_of_body(const io::json& object) {
  const auto read = wire::read_route_body<wire::limit_body>(object);
  if (!read)
    return read.error();
  if (read->limit == 0 || read->limit > leads_limits::listed_max)
    return bad_field("limit", whole_from_1(leads_limits::listed_max), std::to_string(read->limit));
  return read->limit;
}

result<uint64_t> limit_of_query(std::string_view query) {
  if (query.empty())
    return wire::limit_body{}.limit;
  uint64_t limit = 0;
  const auto equals = query.find('=');
  const auto name = query.substr(0, equals);
  if (name != "limit" || equals == std::string_view::npos)
    return bad_field("query", "limit=NUMBER", io::quoted(query));
  const auto* end = query.data() + query.size();
  const auto read = std::from_chars(query.data() + equals + 1, end, limit);
  if (read.ec != std::errc{} || read.ptr != end || limit == 0 || limit > leads_limits::listed_max)
    return bad_field("limit", whole_from_1(leads_limits::listed_max),
                     io::quoted(query.substr(equals + 1)));
  return limit;
}

result<std::map<std::string, double>> weights_of_body(const io::json& object) {
  const auto at = object.find("weights");
  const auto expected
    = "an object of 1 to " + std::to_string(leads_limits::weights_max) + " shares by hotkey";
  if (at == object.end())
    return bad_field("weights", expected, "nothing");
  if (!at->is_object() || at->empty() || at->size() > leads_limits::weights_max)
    return bad_field("weights", expected,
                     at->is_object() ? std::to_string(at->size()) : io::shown(*at));
  std::map<std::string, double> made;
  for (const auto& [key, share] : at->items()) {
    if (!is_request_id(key)) // as an SS58 address or the name of a dev miner is
      return bad_field("weights", "hotkeys of 1 to 64 of A-Z a-z 0-9 . _ -", io::quoted(key));
    const double x = share.is_number() ? share.get<double>() : -1;
    if (!std::isfinite(x) || x < 0)
      return bad_field("weights." + key, "a number from 0", io::shown(share));
    made[key] = x;
  }
  return made;
}

} // namespace sluice::net
