#include "tools/keys/keys.hpp"

#include "io/text/lines.hpp"
#include "net/keys/key_file.hpp"
#include "net/keys/sr25519.hpp"
#include "net/keys/ss58.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace sluice::tools {

namespace {

key_report report_of(const net::key_pair& keys) {
  return {{"kind", std::string{to_string(keys.kind)}},
          {"address", keys.address},
          {"public", net::to_hex(keys.open)}};
}

fault bad_flag(const std::string& flag, const std::string& expected, const std::string& got) {
  return {ec::bad_input, flag + ": expected " + expected + ", got " + got};
}

std::string length_of(std::string_view text) {
  return std::to_string(text.size()) + " characters that are not that";
}

} // namespace

result<key_report> make_key_file(const std::string& path, std::string_view kind) {
  const auto known_kind = parse_signature_kind(kind);
  if (!known_kind)
    return bad_flag("--kind", "ed25519 or sr25519", io::quoted(kind));
  const auto keys = net::make_key_pair(net::secret_seed::fresh(), *known_kind);
  if (const auto written = net::write_key_file(path, keys); !written)
    return written.error();
  auto report = report_of(keys);
  report.insert(report.begin(), {"file", path});
  return report;
}

result<key_report> show_key_file(const std::string& path) {
  const auto keys = net::read_key_file(path);
  if (!keys)
    return keys.error();
  return report_of(*keys);
}

result<key_report> sign_with_file(const std::string& path, std::string_view message) {
  if (looks_like_a_statement(message))
    return fault{ec::refused, "--message: expected a text that does not begin with \"sluice/\": "
                              "that is how statements of this program begin, and who has one "
                              "signed gets in under your name"};
  const auto keys = net::read_key_file(path);
  if (!keys)
    return keys.error();
  auto report = report_of(*keys);
  report.emplace_back("signature", net::to_hex(net::sign(*keys, message)));
  return report;
}

result<bool> verify_signature(std::string_view kind, std::string_view key, std::string_view message,
                              std::string_view signature) {
  const auto known_kind = parse_signature_kind(kind);
  if (!known_kind)
    return bad_flag("--kind", "ed25519 or sr25519", io::quoted(kind));
  auto open = net::from_hex<32>(key);
  if (!open) {
    if (!key.starts_with('5'))
      return bad_flag("--key", "64 hexadecimal digits or an address", length_of(key));
    const auto parsed = net::parse_public_key(key);
    if (!parsed)
      return fault{ec::bad_input, "--key: " + parsed.error().what};
    open = *parsed;
  }
  const auto bytes = net::from_hex<64>(signature);
  if (!bytes)
    return bad_flag("--signature", "128 hexadecimal digits", length_of(signature));
  return *known_kind == signature_kind::sr25519 ? net::verify_sr25519(*open, message, *bytes)
                                                : net::verify(*open, message, *bytes);
}

std::string to_table(const key_report& report) {
  size_t width = 0;
  for (const auto& [name, value] : report)
    width = std::max(width, name.size());
  std::string text;
  for (const auto& [name, value] : report)
    text.append(name).append(width - name.size() + 2, ' ').append(value).append("\n");
  return text;
}

std::string to_json(const key_report& report) {
  nlohmann::ordered_json out;
  for (const auto& [name, value] : report)
    out[name] = value;
  return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

} // namespace sluice::tools
