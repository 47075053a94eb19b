#include "rules/endpoint.hpp"

#include <algorithm>
#include <charconv>

namespace sluice {

namespace {

constexpr size_t host_bytes_max = 253; // of a domain name

bool is_host_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.'
         || c == '-' || c == '_';
}

bool is_address6_letter(char c) {
  return (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || (c >= '0' && c <= '9') || c == ':'
         || c == '.';
}

fault not_one(std::string_view text) {
  return {ec::bad_input, "expected HOST:PORT such as 127.0.0.1:8700 or [::1]:8700, got "
                           + (text.empty() ? std::string{"nothing"} : std::string{text})};
}

} // namespace

result<endpoint> parse_endpoint(std::string_view text) {
  const auto colon = text.rfind(':');
  const auto digits = colon == std::string_view::npos ? text : text.substr(colon + 1);
  auto host = colon == std::string_view::npos ? std::string_view{} : text.substr(0, colon);
  endpoint out;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size())
    return not_one(text);
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
    if (host.find(':') == std::string_view::npos
        || !std::all_of(host.begin(), host.end(), is_address6_letter))
      return not_one(text);
  } else if (host.size() > host_bytes_max
             || !std::all_of(host.begin(), host.end(), is_host_letter)) {
    return not_one(text);
  }
  out.host = host.empty() ? "127.0.0.1" : std::string{host};
  return out;
}

std::string to_string(const endpoint& x) {
  const bool six = x.host.find(':') != std::string::npos;
  return (six ? '[' + x.host + ']' : x.host) + ':' + std::to_string(x.port);
}

bool is_loopback(const endpoint& x) {
  const bool four = x.host.starts_with("127.")
                    && std::all_of(x.host.begin(), x.host.end(),
                                   [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
  return four || x.host == "::1" || x.host == "localhost";
}

} // namespace sluice
