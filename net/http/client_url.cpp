#include "net/http/client_url.hpp"

#include "io/text/lines.hpp"

#include <algorithm>

namespace sluice::net {

namespace {

constexpr size_t url_bytes_max = 4096;
constexpr size_t url_shown_bytes = 100;
constexpr uint16_t http_port = 80;
constexpr uint16_t https_port = 443;

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'
         || c == '.' || c == '_' || c == '~';
}

/// The host and the port as parse_endpoint reads them: an address of IPv6 has its brackets.
bool states_port(std::string_view authority) {
  const auto colon = authority.rfind(':');
  const auto bracket = authority.rfind(']');
  return colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
}

} // namespace

result<http_url> parse_http_url(std::string_view text) {
  const auto wrong = [&](const std::string& why) {
    return fault{ec::bad_input, "expected http://HOST/PATH or https://HOST/PATH, got "
                                  + io::quoted(text, url_shown_bytes) + ": " + why};
  };
  if (text.size() > url_bytes_max)
    return wrong("more than " + std::to_string(url_bytes_max) + " bytes");
  if (!std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; }))
    return wrong("a space, or a character that no URL may have");
  http_url url;
  for (const std::string_view scheme : {"http://", "https://"})
    if (text.starts_with(scheme)) {
      url.tls = scheme == "https://";
      auto rest = text.substr(scheme.size());
      if (rest.find('#') != std::string_view::npos)
        return wrong("a fragment (#) is never sent: leave it out");
      const auto end = std::min(rest.find_first_of("/?"), rest.size());
      const auto authority = rest.substr(0, end);
      if (authority.find('@') != std::string_view::npos)
        return wrong("names and passwords do not belong in a URL");
      if (end < rest.size())
        url.target = (rest[end] == '?' ? "/" : "") + std::string{rest.substr(end)};
      if (authority.empty() || authority.front() == ':')
        return wrong("the host is missing");
      const auto port = std::to_string(url.tls ? https_port : http_port);
      auto at = parse_endpoint(states_port(authority) ? std::string{authority}
                                                      : std::string{authority} + ':' + port);
      if (!at)
        return wrong(at.error().what);
      if (at->port == 0)
        return wrong("port 0 is nobody's");
      url.at = *std::move(at);
      return url;
    }
  return wrong("the scheme must be http or https");
}

std::string origin_of(const http_url& x) {
  return (x.tls ? "https://" : "http://") + to_string(x.at);
}

std::string host_header_of(const http_url& x) {
  auto all = to_string(x.at);
  if (x.at.port == (x.tls ? https_port : http_port))
    all.resize(all.rfind(':'));
  return all;
}

std::string query_value(std::string_view text) {
  constexpr char hex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
    } else {
      const auto byte = static_cast<uint8_t>(c);
      out += '%';
      out += hex[byte >> 4];
      out += hex[byte & 15];
    }
  }
  return out;
}

} // namespace sluice::net
