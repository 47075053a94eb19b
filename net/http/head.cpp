#include "net/http/head.hpp"

#include "net/http/compression.hpp"
#include "net/http/request_id.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace sluice::net {

namespace {

using head_refusal = std::optional<http_response>; // nothing: goes on

constexpr size_t headers_max = 100;
constexpr size_t method_bytes_max = 32;
constexpr size_t length_digits_max = 18; // fits 64 bits
constexpr std::string_view line_end = "\r\n";

constexpr std::array<bool, 256> token_chars = [] {
  std::array<bool, 256> out{};
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  for (int c = 0; c < 256; ++c)
    out[static_cast<size_t>(c)] = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                                  || (c >= '0' && c <= '9')
                                  || others.find(static_cast<char>(c)) != std::string_view::npos;
  return out;
}();

bool is_token_char(char c) {
  return token_chars[static_cast<unsigned char>(c)];
}

bool is_token(std::string_view x) {
  return !x.empty() && std::all_of(x.begin(), x.end(), is_token_char);
}

bool is_digits(std::string_view x) {
  return !x.empty() && std::all_of(x.begin(), x.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string lower_case(std::string_view x) {
  std::string out{x};
  for (char& c : out)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return out;
}

head_refusal malformed_head(std::string_view detail) {
  return http_error(400, detail);
}

/// A path and its query; http://HOST/PATH is what proxies send.
head_refusal read_target(std::string_view target, http_request& out) {
  const bool printable
    = std::all_of(target.begin(), target.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  if (!printable || target.find('#') != std::string_view::npos)
    return malformed_head("the target has characters that no target may have");
  for (const std::string_view scheme : {"http://", "https://"})
    if (!target.starts_with('/') && lower_case(target.substr(0, scheme.size())) == scheme) {
      const auto slash = target.find('/', scheme.size());
      target = slash == std::string_view::npos ? "/" : target.substr(slash);
      break;
    }
  if (target == "*" && out.method == "OPTIONS") {
    out.path = target;
    return {};
  }
  if (!target.starts_with('/'))
    return malformed_head("the target must be a path that begins with /");
  const auto mark = target.find('?');
  out.path = target.substr(0, mark);
  if (mark != std::string_view::npos)
    out.query = target.substr(mark + 1);
  return {};
}

head_refusal read_request_line(std::string_view line, http_request& out) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last || line.find(' ', first + 1) != last)
    return malformed_head(
      "the first line must be METHOD TARGET VERSION, with one space between them");
  const auto method = line.substr(0, first);
  if (!is_token(method) || method.size() > method_bytes_max)
    return malformed_head("the method is not one");
  out.method = method;
  const auto version = line.substr(last + 1);
  out.http_1_0 = version == "HTTP/1.0";
  if (!out.http_1_0 && version != "HTTP/1.1")
    return version.starts_with("HTTP/")
             ? http_error(505, "only versions 1.0 and 1.1 of HTTP are understood")
             : malformed_head("the first line must end with HTTP/1.1");
  return read_target(line.substr(first + 1, last - first - 1), out);
}

head_refusal read_header(std::string_view line, http_request& out) {
  if (line.starts_with(' ') || line.starts_with('\t'))
    return malformed_head("a header goes on in the next line, which is not taken any more");
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
    return malformed_head("a header must be NAME: VALUE, without a space before the colon");
  auto value = line.substr(colon + 1);
  const auto begin = std::min(value.find_first_not_of(" \t"), value.size());
  value.remove_prefix(begin);
  value = value.substr(0, value.find_last_not_of(" \t") + 1);
  const bool plain = std::all_of(value.begin(), value.end(), [](char c) {
    return (static_cast<unsigned char>(c) >= ' ' && c != '\x7f') || c == '\t';
  });
  if (!plain)
    return malformed_head("a header has a control character in it");
  if (out.headers.size() == headers_max)
    return http_error(431, "more than 100 headers");
  out.headers.push_back({lower_case(line.substr(0, colon)), std::string{value}});
  return {};
}

size_t count_of(const http_request& x, std::string_view name) {
  return static_cast<size_t>(std::count_if(x.headers.begin(), x.headers.end(),
                                           [name](const auto& h) { return h.name == name; }));
}

head_refusal check_host(const http_request& x) {
  const auto hosts = count_of(x, "host");
  if (hosts > 1 || (hosts == 0 && !x.http_1_0))
    return malformed_head("expected one Host header");
  const auto host = x.header("host");
  constexpr std::string_view forbidden = " \t,/@\\\"<>#?";
  if (host.find_first_of(forbidden) != std::string_view::npos)
    return malformed_head("the Host header is not HOST or HOST:PORT");
  return {};
}

/// Where the body ends must not be a matter of opinion.
head_refusal read_framing(http_head& out) {
  const auto& x = out.request;
  const auto lengths = count_of(x, "content-length");
  const auto codings = count_of(x, "transfer-encoding");
  if (codings > 0) {
    if (lengths > 0)
      return malformed_head("Content-Length and Transfer-Encoding exclude each other");
    if (x.http_1_0)
      return malformed_head("HTTP/1.0 has no Transfer-Encoding");
    if (codings > 1 || lower_case(x.header("transfer-encoding")) != "chunked")
      return http_error(501, "the only Transfer-Encoding that is understood is chunked");
    out.chunked = true;
  }
  if (lengths > 1)
    return malformed_head("Content-Length comes more than once");
  if (lengths == 1) {
    const auto digits = x.header("content-length");
    if (!is_digits(digits))
      return malformed_head("Content-Length is not a number");
    if (digits.size() > length_digits_max)
      return http_error(413, "so much is never taken");
    out.body_bytes = std::stoull(std::string{digits});
  }
  return {};
}

/// What a client takes is one list, in however many lines (RFC 9110, 5.3).
bool read_takes_gzip(const http_request& x) {
  std::string all;
  for (const auto& header : x.headers)
    if (header.name == "accept-encoding")
      all.append(all.empty() ? "" : ",").append(header.value);
  return accepts_gzip(all);
}

head_refusal read_wishes(http_head& out) {
  const auto& x = out.request;
  out.takes_gzip = read_takes_gzip(x);
  out.is_numbered = count_of(x, "x-request-id") == 1 && is_request_id(x.header("x-request-id"));
  if (out.is_numbered)
    out.request.id = x.header("x-request-id");
  out.keep_alive
    = x.http_1_0 ? x.header_has("connection", "keep-alive") : !x.header_has("connection", "close");
  if (count_of(x, "expect") == 0)
    return {};
  if (lower_case(x.header("expect")) != "100-continue" || count_of(x, "expect") > 1)
    return http_error(417, "the only expectation that is understood is 100-continue");
  out.expects_continue = !x.http_1_0;
  return {};
}

} // namespace

std::variant<http_head, http_response> read_head(std::string_view text, size_t line_bytes_max) {
  http_head out;
  bool first = true;
  for (;;) {
    const auto end = text.find(line_end);
    if (end == std::string_view::npos)
      return *malformed_head("a line does not end with CR LF");
    const auto line = text.substr(0, end);
    text.remove_prefix(end + line_end.size());
    if (line.find_first_of(std::string_view{"\r\n\0", 3}) != std::string_view::npos)
      return *malformed_head("a line does not end with CR LF");
    if (line.empty() && !first)
      break;
    if (first && line.size() > line_bytes_max)
      return http_error(414, "the first line is longer than " + std::to_string(line_bytes_max)
                               + " bytes");
    if (auto no = first ? read_request_line(line, out.request) : read_header(line, out.request))
      return *std::move(no);
    first = false;
  }
  for (const auto check : {read_framing, read_wishes})
    if (auto no = check(out))
      return *std::move(no);
  if (auto no = check_host(out.request))
    return *std::move(no);
  return out;
}

bool may_begin_head(std::string_view beginning) {
  const auto method = beginning.substr(0, beginning.find(' '));
  return method.size() <= method_bytes_max
         && std::all_of(method.begin(), method.end(), is_token_char);
}

} // namespace sluice::net
