#include "net/consensus/report_client.hpp"

#include "io/text/lines.hpp"
#include "net/http/client_url.hpp"
#include "net/keys/secret_line.hpp"
#include "net/keys/signature_schemes.hpp"
#include "rules/base64.hpp"
#include "rules/json_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace sluice::net {

namespace {

constexpr size_t report_key_bytes_min = 16;
constexpr size_t report_key_bytes_max = 256;
constexpr size_t report_header_bytes_max = 128; // of those that decide; longer ones mean nothing
constexpr size_t report_error_bytes_max = 200;  // of a proxy's sentence

bool is_report_key_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'
         || c == '-';
}

/// The part before the route's path, without a slash at its end.
result<std::string> report_base_of(const report_target& target, bool keyed) {
  const auto wrong = [&](const std::string& what) {
    return fault{ec::bad_input, "report_to: url: " + what};
  };
  const auto url = parse_http_url(target.url);
  if (!url)
    return wrong(url.error().what);
  if (url->target.find('?') != std::string::npos)
    return wrong("expected scheme, host and path without a query, got "
                 + io::quoted(target.url, 100));
  if (keyed && !url->tls && !is_loopback(url->at))
    return wrong("expected https://, because the key would be readable on its way, got "
                 + io::quoted(target.url, 100)
                 + "; plain http:// with a key_file is taken for this machine only");
  auto base = target.url;
  while (base.ends_with('/'))
    base.pop_back();
  return base;
}

std::string report_form_body(const signed_report& x) {
  return "validator_uid=" + std::to_string(x.validator_uid) + "&epoch=" + std::to_string(x.epoch)
         + "&miner_statuses=" + query_value(x.miner_statuses);
}

std::string report_json_body(const signed_report& x) {
  return json_object{}
    .add("validator_uid", x.validator_uid)
    .add("epoch", x.epoch)
    .add("hotkey", x.hotkey)
    .add("issued", x.issued_ms)
    .add("signature", x.signature)
    .add("miner_statuses", x.miner_statuses)
    .text();
}

uint64_t report_count_of(const nlohmann::json& body, const char* name) {
  const auto at = body.find(name);
  return at != body.end() && at->is_number_unsigned() ? at->get<uint64_t>() : 0;
}

/// The first of these members that is a text.
std::string report_sentence_of(const nlohmann::json& body) {
  for (const auto* name : {"error", "message", "detail"})
    if (const auto at = body.find(name); at != body.end() && at->is_string())
      return io::quoted(at->get_ref<const std::string&>(), report_error_bytes_max);
  return {};
}

void read_proxy_body(const std::string& text, report_answer& out) {
  const auto body = nlohmann::json::parse(text, nullptr, false);
  const bool good = out.status >= 200 && out.status < 300;
  if (!body.is_object()) {
    if (good)
      out.what = "its answer is no JSON object: is it a proxy at all?";
    return;
  }
  const auto success = body.find("success");
  out.success = good && success != body.end() && success->is_boolean() && success->get<bool>();
  if (out.success) {
    out.miners_processed = report_count_of(body, "miners_processed");
    out.consensus_updated = report_count_of(body, "consensus_updated");
    return;
  }
  out.what = report_sentence_of(body);
  if (good && out.what.empty())
    out.what = "its answer states no success and no error";
}

} // namespace

result<std::string> read_report_key(const std::string& path) {
  auto key = read_secret_line(path, "the proxy's API key", report_key_bytes_max);
  if (!key)
    return key;
  if (key->size() < report_key_bytes_min
      || !std::all_of(key->begin(), key->end(), is_report_key_letter))
    return io::bad_line(path, 0, "", "an API key of 16 to 256 letters, digits, _ and -",
                        "one of another form", "correct the file");
  return key;
}

void sign_report(signed_report& x, const key_pair& keys) {
  x.hotkey = keys.address;
  const auto made = sign(keys, report_text(x));
  x.signature = to_base64({reinterpret_cast<const char*>(made.data()), made.size()});
}

report_verifier report_verifier_of_all() {
  return
    [](std::string_view address, std::string_view text, const std::array<uint8_t, 64>& signature) {
      return verify_by(all_signature_schemes(), address, text, signature);
    };
}

result<http_call> report_call(const report_target& target, const signed_report& x,
                              const std::string& key, uint64_t whole_ms) {
  auto base = report_base_of(target, !key.empty());
  if (!base)
    return base.error();
  const bool as_form = target.form == report_form::original;
  http_call call;
  call.method = "POST";
  call.url = *base + std::string{report_path};
  call.whole_ms = whole_ms;
  call.connect_ms = std::min(call.connect_ms, whole_ms);
  call.headers
    = {{"Accept", "application/json"},
       {"Content-Type", as_form ? "application/x-www-form-urlencoded" : "application/json"}};
  if (!key.empty())
    call.headers.push_back({"X-API-Key", key});
  call.body = as_form ? report_form_body(x) : report_json_body(x);
  return call;
}

report_answer report_answer_of(const result<http_answer>& outcome) {
  report_answer out;
  if (!outcome) {
    out.what = outcome.error().what;
    return out;
  }
  out.status = outcome->status;
  const auto wish = outcome->header("retry-after");
  if (wish.size() <= report_header_bytes_max)
    out.retry_after = wish;
  read_proxy_body(outcome->body, out);
  return out;
}

} // namespace sluice::net
