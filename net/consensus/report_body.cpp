#include "net/consensus/report_body.hpp"

#include "io/text/json_place.hpp"
#include "io/text/lines.hpp"
#include "net/consensus/field_issues.hpp"
#include "net/miner_gateway/wire_text.hpp"

#include <limits>
#include <vector>

namespace sluice::net {

namespace {

constexpr size_t report_fields_max = 16;
constexpr uint64_t epoch_max = std::numeric_limits<int64_t>::max();
constexpr size_t signer_bytes_max = 128; // of a hotkey and of a signature

using report_fields = std::map<std::string, std::string, std::less<>>;

int hex_value(char c) {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

/// What a part of a form means; none for a percent sign without two digits.
std::optional<std::string> form_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
      const int low = high < 0 ? -1 : hex_value(text[i + 2]);
      if (low < 0)
        return {};
      out += static_cast<char>(high << 4 | low);
      i += 2;
    }
  }
  return out;
}

fault no_form(const std::string& why) {
  return {ec::bad_input, "the body is no form: " + why};
}

/// Where a JSON text stops being one.
std::string json_complaint(std::string_view text) {
  if (const auto why = wire::bounds_fault(text, text.size(), "body"))
    return why->what;
  try {
    const auto parsed = io::json::parse(text);
    return "an object with the fields of a report is expected";
  } catch (const io::json::parse_error& e) {
    const auto at = io::place_of_byte(text, e.byte > 0 ? e.byte - 1 : 0);
    return "line " + std::to_string(at.line) + " column " + std::to_string(at.column)
           + " cannot be read";
  } catch (const io::json::exception&) {
    return "a number is beyond what can be read";
  }
}

/// The bare value of a member: texts decoded, everything else as it stands.
result<std::string> bare_value(const wire::member& x) {
  if (x.value.starts_with('"')) {
    if (auto text = wire::unquoted(x.value))
      return *std::move(text);
  } else if (x.name == "miner_statuses" || io::json::accept(x.value)) {
    return std::string{x.value}; // the list is read by who takes it
  }
  return fault{ec::bad_input, io::quoted(x.name) + " has a value that is no JSON"};
}

/// The members of a JSON body; null ones are missing.
result<report_fields> read_json(std::string_view body) {
  if (!io::is_utf8(body))
    return fault{ec::bad_input, "the body is no UTF-8"};
  const auto members = wire::members_of(body);
  if (!members)
    return fault{ec::bad_input, json_complaint(body)};
  if (members->size() > report_fields_max)
    return fault{ec::bad_input, "at most " + std::to_string(report_fields_max)
                                  + " fields are expected, got " + std::to_string(members->size())};
  report_fields made;
  for (const auto& x : *members) {
    auto value = bare_value(x);
    if (!value)
      return value.error();
    if (!made.try_emplace(x.name, *std::move(value)).second)
      return fault{ec::bad_input, io::quoted(x.name) + " is there twice"};
    if (x.value == "null")
      made.erase(x.name);
  }
  return made;
}

/// "application/json" of "Application/JSON; charset=utf-8".
std::string media_type(const http_request& request) {
  const auto all = request.header("content-type");
  std::string out{all.substr(0, all.find(';'))};
  while (out.ends_with(' ') || out.ends_with('\t'))
    out.pop_back();
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return out;
}

/// Text of a field; none, with an issue, when it is not there.
std::optional<std::string>
take_field(report_fields& from, std::string_view name, std::vector<field_issue>& all) {
  const auto at = from.find(name);
  if (at != from.end())
    return std::move(at->second);
  all.push_back(missing_field("body", name));
  return {};
}

std::variant<consensus_report_call, http_response> report_of(report_fields fields) {
  consensus_report_call made;
  std::vector<field_issue> all;
  if (const auto uid = take_field(fields, "validator_uid", all))
    made.report.validator_uid = static_cast<uint16_t>(
      integer_field("body", "validator_uid", *uid, std::numeric_limits<uint16_t>::max(), all));
  if (auto list = take_field(fields, "miner_statuses", all))
    made.report.miner_statuses = *std::move(list);
  if (const auto epoch = take_field(fields, "epoch", all))
    made.report.epoch = integer_field("body", "epoch", *epoch, epoch_max, all);
  if (fields.contains("hotkey") || fields.contains("signature")) {
    made.report.hotkey = take_field(fields, "hotkey", all).value_or("");
    made.report.signature = take_field(fields, "signature", all).value_or("");
    if (const auto issued = take_field(fields, "issued", all))
      made.report.issued_ms = integer_field("body", "issued", *issued, epoch_max, all);
    if (made.report.hotkey.size() > signer_bytes_max
        || made.report.signature.size() > signer_bytes_max)
      return http_error(400, "hotkey and signature have at most " + std::to_string(signer_bytes_max)
                               + " bytes each");
  }
  if (!all.empty())
    return unprocessable(all);
  return made;
}

} // namespace

result<std::map<std::string, std::string, std::less<>>> read_form(std::string_view body) {
  report_fields made;
  while (!body.empty()) {
    const auto part = body.substr(0, body.find('&'));
    body.remove_prefix(std::min(part.size() + 1, body.size()));
    if (part.empty())
      continue;
    const auto equals = std::min(part.find('='), part.size());
    auto name = form_text(part.substr(0, equals));
    auto value = form_text(part.substr(std::min(equals + 1, part.size())));
    if (!name || !value)
      return no_form("a percent sign needs two hexadecimal digits behind it");
    if (!io::is_utf8(*name) || !io::is_utf8(*value))
      return no_form("it holds bytes that are no UTF-8");
    if (made.size() == report_fields_max)
      return no_form("more than " + std::to_string(report_fields_max) + " fields");
    if (const auto shown = io::quoted(*name);
        !made.try_emplace(*std::move(name), *std::move(value)).second)
      return no_form("the field " + shown + " is there twice");
  }
  return made;
}

std::variant<consensus_report_call, http_response> read_report(const http_request& request) {
  const auto type = media_type(request);
  const bool is_json = type == "application/json";
  if (!is_json && !type.empty() && type != "application/x-www-form-urlencoded")
    return http_error(415, "a report is application/x-www-form-urlencoded or application/json, not "
                             + io::quoted(type));
  auto fields = is_json ? read_json(request.body) : read_form(request.body);
  if (!fields)
    return http_error(400, (is_json ? "Invalid JSON data: " : "") + fields.error().what);
  auto made = report_of(*std::move(fields));
  if (auto* call = std::get_if<consensus_report_call>(&made))
    call->caller = request.caller;
  return made;
}

} // namespace sluice::net
