#include "net/http/answer.hpp"

#include "net/http/cached_body.hpp"
#include "net/http/compression.hpp"
#include "net/http/conditional.hpp"
#include "net/http/field_list.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <utility>

namespace sluice::net {

namespace {

constexpr std::string_view sent_line_end = "\r\n";

void add_number(std::string& out, uint64_t x) {
  std::array<char, 20> digits{};
  out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), x).ptr);
}

/// Foreign text cannot add a line.
void add_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ");
  for (const char c : value)
    if (static_cast<unsigned char>(c) >= ' ' && c != '\x7f')
      out += c;
  out += sent_line_end;
}

/// The end of every head.
void end_head(std::string& out, const http_response& x, const answer_terms& terms) {
  for (const auto& header : x.headers)
    add_field(out, header.name, header.value);
  out.append(terms.date).append(terms.more);
  if (!terms.id.empty())
    out.append("X-Request-Id: ").append(terms.id).append(sent_line_end);
  if (terms.then != after_response::keep_open)
    out += terms.then == after_response::close ? "Connection: close\r\n"
                                               : "Connection: keep-alive\r\n";
  out += sent_line_end;
}

answer_sent write_cached(output_queue& out, const http_response& x, const answer_terms& terms) {
  const auto* form = terms.takes_gzip ? x.cached->gzip_form() : nullptr;
  if (!form)
    form = &x.cached->plain_form();
  auto& text = out.text();
  if (!terms.if_none_match.empty() && etag_is_among(terms.if_none_match, form->etag)) {
    text += form->unchanged_head;
    end_head(text, x, terms);
    return {304, 0};
  }
  text += form->head;
  end_head(text, x, terms);
  if (terms.is_head)
    return {200, 0};
  out.add(form->bytes, x.cached);
  return {200, form->bytes.size()};
}

http_header* find_field(http_response& x, std::string_view name) {
  const auto at = std::find_if(x.headers.begin(), x.headers.end(),
                               [name](const auto& h) { return same_field_token(h.name, name); });
  return at == x.headers.end() ? nullptr : &*at;
}

/// Compresses and names what is to be; true when the client has it already.
bool choose_form(http_response& x, const answer_terms& terms) {
  if (x.status != 200 || !terms.is_get)
    return false;
  auto* etag = find_field(x, "etag");
  if (!etag && x.body.size() <= named_bytes_max) {
    x.headers.push_back({"ETag", etag_of(x.body)});
    etag = &x.headers.back();
  }
  if (is_compressible(x.type, x.body.size()) && !find_field(x, "content-encoding")) {
    auto compressed = terms.takes_gzip ? gzip_of(x.body) : std::string{};
    if (!compressed.empty()) {
      x.body = std::move(compressed);
      if (etag && etag->value.ends_with('"'))
        etag->value = gzip_etag_of(etag->value);
      x.headers.push_back({"Content-Encoding", "gzip"});
    }
    x.headers.push_back({"Vary", "Accept-Encoding"});
    etag = find_field(x, "etag");
  }
  if (!etag || terms.if_none_match.empty())
    return false;
  const std::string_view name{etag->value};
  return etag_is_among(terms.if_none_match, name.substr(name.starts_with("W/") ? 2 : 0));
}

} // namespace

answer_sent write_answer(output_queue& out, http_response x, const answer_terms& terms) {
  if (x.cached && x.status == 200 && terms.is_get)
    return write_cached(out, x, terms);
  if (x.cached) {
    x.type = x.cached->type();
    x.body = x.cached->plain();
  }
  if (choose_form(x, terms)) {
    x.status = 304;
    std::erase_if(x.headers,
                  [](const auto& h) { return same_field_token(h.name, "content-encoding"); });
  }
  auto& text = out.text();
  text += "HTTP/1.1 ";
  add_number(text, x.status);
  text.append(" ").append(reason_phrase(x.status)).append(sent_line_end);
  const bool has_body = x.status != 204 && x.status != 304;
  if (has_body) {
    add_field(text, "Content-Type", x.type);
    text += "Content-Length: ";
    add_number(text, x.body.size());
    text += sent_line_end;
  }
  end_head(text, x, terms);
  if (!has_body || terms.is_head)
    return {x.status, 0};
  const auto bytes = x.body.size();
  if (bytes < output_queue::referred_bytes_min) {
    text += x.body;
  } else {
    const auto kept = std::make_shared<const std::string>(std::move(x.body));
    out.add(*kept, kept);
  }
  return {x.status, bytes};
}

std::string date_line_of(int64_t unix_seconds) {
  using namespace std::chrono;
  constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const sys_seconds at{seconds{unix_seconds}};
  const auto day = floor<std::chrono::days>(at);
  const year_month_day date{day};
  const hh_mm_ss time{at - day};
  const auto two = [](int64_t x) {
    auto text = std::to_string(x);
    return text.size() < 2 ? '0' + text : text;
  };
  std::string out = "Date: ";
  out += days[weekday{day}.c_encoding()];
  out += ", " + two(unsigned{date.day()}) + ' ';
  out += months[unsigned{date.month()} - 1];
  out += ' ' + std::to_string(int{date.year()}) + ' ' + two(time.hours().count()) + ':'
         + two(time.minutes().count()) + ':' + two(time.seconds().count()) + " GMT\r\n";
  return out;
}

} // namespace sluice::net
