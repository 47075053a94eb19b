#include "net/http/client_answer.hpp"

#include "io/text/lines.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace sluice::net {

namespace {

constexpr size_t answer_headers_max = 100;
constexpr size_t answer_digits_max = 18; // fits 64 bits
constexpr std::string_view answer_line_end = "\r\n";

using answer_fault = std::optional<fault>; // nothing: goes on

answer_fault wrong_answer(const std::string& expected, std::string_view got) {
  return fault{ec::corrupt_data, "the server's answer is no HTTP that can be trusted: expected "
                                   + expected + ", got " + io::quoted(got, 60)};
}

bool is_answer_token(std::string_view x) {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return !x.empty() && std::all_of(x.begin(), x.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
           || others.find(c) != std::string_view::npos;
  });
}

bool is_answer_number(std::string_view x) {
  return !x.empty() && std::all_of(x.begin(), x.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string in_lower_case(std::string_view x) {
  std::string out{x};
  for (char& c : out)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return out;
}

/// "HTTP/1.1 200 OK"; the phrase may be missing.
answer_fault read_status_line(std::string_view line, http_answer_head& out) {
  const bool known = line.starts_with("HTTP/1.1 ") || line.starts_with("HTTP/1.0 ");
  const auto digits = line.substr(std::min<size_t>(9, line.size()), 3);
  if (!known || digits.size() != 3 || !is_answer_number(digits)
      || (line.size() > 12 && line[12] != ' '))
    return wrong_answer("a status line such as HTTP/1.1 200 OK", line);
  std::from_chars(digits.data(), digits.data() + digits.size(), out.answer.status);
  if (out.answer.status < 100 || out.answer.status > 599 || out.answer.status == 101)
    return wrong_answer("a status of 100 to 599, and not 101", digits);
  out.framing.keep_alive = line.starts_with("HTTP/1.1");
  out.interim = out.answer.status < 200;
  return {};
}

answer_fault read_answer_line(std::string_view line, http_answer_head& out) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || !is_answer_token(line.substr(0, colon)))
    return wrong_answer("a header NAME: VALUE", line);
  auto value = line.substr(colon + 1);
  value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
  value = value.substr(0, value.find_last_not_of(" \t") + 1);
  const bool plain = std::all_of(value.begin(), value.end(), [](char c) {
    return (static_cast<unsigned char>(c) >= ' ' && c != '\x7f') || c == '\t';
  });
  if (!plain)
    return wrong_answer("a header without control characters", line);
  if (out.answer.headers.size() == answer_headers_max)
    return wrong_answer("at most 100 headers", "more");
  out.answer.headers.push_back({in_lower_case(line.substr(0, colon)), std::string{value}});
  return {};
}

/// Its only value; none when it is not there; a fault when it is there twice.
std::optional<std::string_view>
only_value(const http_answer& x, std::string_view name, answer_fault& why) {
  std::optional<std::string_view> found;
  for (const auto& header : x.headers)
    if (header.name == name) {
      if (found)
        why = wrong_answer("the header " + std::string{name} + " once", "it twice");
      found = header.value;
    }
  return found;
}

answer_fault read_answer_framing(bool head_request, http_answer_head& out) {
  answer_fault why;
  const auto length = only_value(out.answer, "content-length", why);
  const auto coding = only_value(out.answer, "transfer-encoding", why);
  if (why)
    return why;
  if (length && coding)
    return wrong_answer("Content-Length or Transfer-Encoding", "both");
  if (coding && in_lower_case(*coding) != "chunked")
    return wrong_answer("a Transfer-Encoding of chunked", *coding);
  if (length && (!is_answer_number(*length) || length->size() > answer_digits_max))
    return wrong_answer("a Content-Length of at most 18 digits", *length);
  const bool bodiless
    = head_request || out.interim || out.answer.status == 204 || out.answer.status == 304;
  if (!length && !coding && !bodiless)
    return wrong_answer("Content-Length or Transfer-Encoding, without which a cut body looks like"
                        " a whole one",
                        "neither");
  if (length && !bodiless)
    std::from_chars(length->data(), length->data() + length->size(), out.framing.body_bytes);
  out.framing.chunked = coding && !bodiless;
  return {};
}

/// Whose connection it is that stays open is its own wish; HTTP/1.0 has to ask for it.
void read_answer_wishes(http_answer_head& out) {
  http_request as_request;
  as_request.headers = out.answer.headers;
  if (as_request.header_has("connection", "close"))
    out.framing.keep_alive = false;
  else if (as_request.header_has("connection", "keep-alive"))
    out.framing.keep_alive = true;
}

} // namespace

std::string_view http_answer::header(std::string_view name) const {
  for (const auto& x : headers)
    if (x.name == name)
      return x.value;
  return {};
}

result<http_answer_head> read_answer_head(std::string_view text, bool head_request) {
  http_answer_head out;
  bool first = true;
  for (;;) {
    const auto end = text.find(answer_line_end);
    if (end == std::string_view::npos)
      return *wrong_answer("lines that end with CR LF", text);
    const auto line = text.substr(0, end);
    text.remove_prefix(end + answer_line_end.size());
    if (line.find_first_of(std::string_view{"\r\n\0", 3}) != std::string_view::npos)
      return *wrong_answer("lines that end with CR LF", line);
    if (line.empty() && !first)
      break;
    if (auto no = first ? read_status_line(line, out) : read_answer_line(line, out))
      return *std::move(no);
    first = false;
  }
  if (auto no = read_answer_framing(head_request, out))
    return *std::move(no);
  read_answer_wishes(out);
  return out;
}

} // namespace sluice::net
