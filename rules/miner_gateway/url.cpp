#include "rules/miner_gateway/url.hpp"

#include <array>

namespace sluice {

namespace {

constexpr std::array<std::string_view, 3> schemes{"ws", "wss", "caf"};
constexpr size_t target_bytes_max = 1024;

bool is_path(std::string_view text) {
  for (const char c : text)
    if (c <= ' ' || c > '~')
      return false;
  return text.size() <= target_bytes_max;
}

} // namespace

result<gateway_url> parse_gateway_url(std::string_view text) {
  const auto wrong = [&](const std::string& why) {
    return fault{ec::bad_input,
                 "expected ws://HOST:PORT, wss://HOST:PORT or caf://HOST:PORT, got \""
                   + std::string{text.substr(0, 200)} + '"' + (why.empty() ? "" : ": " + why)};
  };
  const auto colon = text.find("://");
  if (colon == std::string_view::npos)
    return wrong("");
  gateway_url url;
  size_t kind = 0;
  while (kind < schemes.size() && schemes[kind] != text.substr(0, colon))
    ++kind;
  if (kind == schemes.size())
    return wrong("");
  url.scheme = static_cast<gateway_scheme>(kind);
  auto rest = text.substr(colon + 3);
  if (const auto slash = rest.find('/'); slash != std::string_view::npos) {
    url.target = std::string{rest.substr(slash)};
    rest = rest.substr(0, slash);
  }
  if (!is_path(url.target) || (url.scheme == gateway_scheme::caf && url.target != "/"))
    return wrong("the path");
  auto at = parse_endpoint(rest);
  if (!at || rest.find(':') == std::string_view::npos)
    return wrong(at ? "the port is missing" : at.error().what);
  if (at->port == 0)
    return wrong("port 0 is nobody's");
  url.at = *std::move(at);
  return url;
}

std::string to_string(const gateway_url& x) {
  return std::string{schemes[static_cast<size_t>(x.scheme)]} + "://" + to_string(x.at)
         + (x.target == "/" ? "" : x.target);
}

} // namespace sluice
