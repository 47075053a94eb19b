#include "rules/api/cors.hpp"

#include <algorithm>

namespace sluice {

namespace {

constexpr std::string_view origin_form
  = "https://HOST or http://HOST:PORT, in lower case and without a path";

bool is_host_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '['
         || c == ']' || c == ':';
}

} // namespace

std::optional<std::string> trouble_of_origin(std::string_view origin) {
  const std::string expected{origin_form};
  if (origin == "*")
    return expected + "; every page of the world is never allowed, because answers depend on a key";
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!origin.starts_with(scheme))
      continue;
    const auto host = origin.substr(scheme.size());
    if (host.empty() || host.size() > 260 || !std::all_of(host.begin(), host.end(), is_host_char))
      return expected;
    return {};
  }
  return expected;
}

bool cors_allows(std::span<const std::string> configured, std::string_view origin) {
  return std::find(configured.begin(), configured.end(), origin) != configured.end();
}

std::string
cors_lines(std::span<const std::string> configured, std::string_view origin, bool preflight) {
  if (configured.empty())
    return {};
  std::string out = "Vary: Origin\r\n";
  if (origin.empty() || !cors_allows(configured, origin))
    return out;
  out.append("Access-Control-Allow-Origin: ").append(origin).append("\r\n");
  if (preflight)
    out += "Access-Control-Allow-Methods: GET, HEAD, POST, PUT, DELETE\r\n"
           "Access-Control-Allow-Headers: Content-Type, If-None-Match, X-API-Key, X-Request-Id\r\n"
           "Access-Control-Max-Age: 600\r\n";
  else
    out += "Access-Control-Expose-Headers: ETag, Retry-After, X-Request-Id\r\n";
  return out;
}

} // namespace sluice
