#include "rules/miner_gateway/statement.hpp"

#include <algorithm>

namespace sluice {

namespace {

constexpr std::string_view own_texts = "sluice/";

template <class Enum, size_t N>
std::optional<Enum> parse(std::string_view name, const std::array<std::string_view, N>& names) {
  const auto at = std::find(names.begin(), names.end(), name);
  if (at == names.end())
    return {};
  return static_cast<Enum>(at - names.begin());
}

} // namespace

std::optional<peer_role> parse_peer_role(std::string_view name) {
  return parse<peer_role>(name, peer_role_names);
}

std::optional<signature_kind> parse_signature_kind(std::string_view name) {
  return parse<signature_kind>(name, signature_kind_names);
}

bool is_gateway_id(std::string_view text) {
  return !text.empty() && text.size() <= gateway_id_bytes_max
         && std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

bool looks_like_a_statement(std::string_view text) {
  return text.starts_with(own_texts);
}

std::string statement_text(const gateway_statement& x) {
  std::string text{own_texts};
  const auto line = [&text](std::string_view name, std::string_view value) {
    text.append(name).append(" ").append(value).append("\n");
  };
  text += x.protocol == gateway_protocol_oldest ? "door/statement\n" : "miner/statement\n";
  line("protocol", std::to_string(x.protocol));
  line("role", to_string(x.role));
  line("node", x.node);
  line("hotkey", x.key.value);
  line("signature_kind", to_string(x.signature));
  line("nonce", x.nonce);
  line("time_ms", std::to_string(x.time_ms));
  return text;
}

} // namespace sluice
