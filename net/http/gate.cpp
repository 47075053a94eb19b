#include "net/http/gate.hpp"

#include <algorithm>

namespace sluice::net {

namespace {

constexpr std::string_view key_name = "api_key=";

/// Takes the first part of a query, up to '&', off it.
std::string_view next_part(std::string_view& query) {
  const auto end = std::min(query.find('&'), query.size());
  const auto part = query.substr(0, end);
  query.remove_prefix(std::min(end + 1, query.size()));
  return part;
}

} // namespace

gate_question question_of(const http_request& x, const http_route* route) {
  gate_question out{x.method, x.query, x.network, {}, {}, {}, route};
  const auto take = [](std::string_view& to, const http_header& from) {
    if (to.empty())
      to = from.value;
  };
  for (const auto& header : x.headers)
    if (header.name == "x-api-key")
      take(out.api_key, header);
    else if (header.name == "origin")
      take(out.origin, header);
    else if (header.name == "access-control-request-method")
      take(out.preflight, header);
  return out;
}

std::string_view api_key_of_query(std::string_view query) {
  while (!query.empty())
    if (const auto part = next_part(query); part.starts_with(key_name))
      return part.substr(key_name.size());
  return {};
}

std::string query_without_api_key(std::string_view query) {
  std::string out;
  while (!query.empty()) {
    const auto part = next_part(query);
    if (part.starts_with(key_name) || part == key_name.substr(0, key_name.size() - 1))
      continue;
    out.append(out.empty() ? "" : "&").append(part);
  }
  return out;
}

} // namespace sluice::net
