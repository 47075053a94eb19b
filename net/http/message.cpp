#include "net/http/message.hpp"

#include "net/http/cached_body.hpp"
#include "net/http/field_list.hpp"
#include "rules/json_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sluice::net {

namespace {

struct status_name {
  unsigned status;
  std::string_view phrase;
};

constexpr std::array<status_name, 25> status_names{{
  {200, "OK"},
  {201, "Created"},
  {202, "Accepted"},
  {204, "No Content"},
  {304, "Not Modified"},
  {400, "Bad Request"},
  {401, "Unauthorized"},
  {403, "Forbidden"},
  {404, "Not Found"},
  {405, "Method Not Allowed"},
  {408, "Request Timeout"},
  {409, "Conflict"},
  {413, "Content Too Large"},
  {414, "URI Too Long"},
  {415, "Unsupported Media Type"},
  {417, "Expectation Failed"},
  {422, "Unprocessable Content"},
  {426, "Upgrade Required"},
  {429, "Too Many Requests"},
  {431, "Request Header Fields Too Large"},
  {500, "Internal Server Error"},
  {501, "Not Implemented"},
  {503, "Service Unavailable"},
  {504, "Gateway Timeout"},
  {505, "HTTP Version Not Supported"},
}};

void add_line(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ");
  for (const char c : value)
    if (static_cast<unsigned char>(c) >= ' ' && c != '\x7f')
      out += c;
  out += "\r\n";
}

} // namespace

std::string_view http_request::header(std::string_view name) const {
  for (const auto& x : headers)
    if (x.name == name)
      return x.value;
  return {};
}

bool http_request::header_has(std::string_view name, std::string_view token) const {
  for (const auto& x : headers) {
    if (x.name != name)
      continue;
    for (field_list list{x.value}; const auto item = list.next();)
      if (same_field_token(*item, token))
        return true;
  }
  return false;
}

std::string_view reason_phrase(unsigned status) {
  const auto at = std::find_if(status_names.begin(), status_names.end(),
                               [status](const auto& x) { return x.status == status; });
  return at == status_names.end() ? std::string_view{"Unknown"} : at->phrase;
}

http_response http_error(unsigned status, std::string_view detail) {
  const auto phrase = reason_phrase(status);
  std::string type;
  for (const char c : phrase)
    type += c == ' ' ? '_' : lower_field_char(c);
  return {status, "application/json",
          json_object{}
              .add("detail", detail)
              .add("error_type", std::string_view{type})
              .add("message", phrase)
              .text()
            + '\n'};
}

std::string_view http_response::content() const {
  return cached ? std::string_view{cached->plain()} : std::string_view{body};
}

http_response cached_answer(std::shared_ptr<const cached_body> body) {
  http_response x;
  x.type.clear();
  x.cached = std::move(body);
  return x;
}

std::string response_text(const http_response& x, after_response then, bool head_only) {
  std::string out = "HTTP/1.1 " + std::to_string(x.status) + ' ';
  out.append(reason_phrase(x.status)).append("\r\n");
  const bool has_body = x.status != 204 && x.status != 304;
  if (has_body) {
    add_line(out, "Content-Type", x.cached ? x.cached->type() : x.type);
    add_line(out, "Content-Length", std::to_string(x.content().size()));
  }
  for (const auto& header : x.headers)
    add_line(out, header.name, header.value);
  if (then != after_response::keep_open)
    add_line(out, "Connection", then == after_response::close ? "close" : "keep-alive");
  out += "\r\n";
  if (has_body && !head_only)
    out += x.content();
  return out;
}

} // namespace sluice::net
