/// Where a request of the HTTP client goes: http:// or https://, a host, a path with its query.
#pragma once

#include "rules/endpoint.hpp"
#include "rules/result.hpp"

#include <string>
#include <string_view>

namespace sluice::net {

struct http_url {
  bool tls = false;
  endpoint at;              // port 80 or 443 when the text states none
  std::string target = "/"; // path and query, as sent
  bool operator==(const http_url&) const = default;
};

/// "https://api.example/path?query", "http://127.0.0.1:8080/". At most 4096 bytes; `ec::bad_input`
/// states what was expected. Names and passwords before the host, and fragments, are refused.
result<http_url> parse_http_url(std::string_view text);

/// Scheme, host and port: what a connection can be used for again.
std::string origin_of(const http_url& x);

/// As it stands in the header Host: the port only when it is not the scheme's.
std::string host_header_of(const http_url& x);

/// A value of a query: letters, digits and -._~ stay, every other byte becomes %XX.
std::string query_value(std::string_view text);

} // namespace sluice::net
