#include "rules/leads/signed_body.hpp"

#include "rules/chain/sha256.hpp"
#include "rules/canonical_json.hpp"

namespace sluice {

result<signed_body> read_signed_body(std::string_view text) {
  auto members = canonical_members(text);
  if (!members)
    return members.error();
  signed_body made;
  for (auto& [key, value] : *members) {
    const bool wallet = key == "wallet";
    if (!wallet && key != "signature") {
      made.members.emplace_back(std::move(key), std::move(value));
      continue;
    }
    if (!value.starts_with('"'))
      return fault{ec::bad_input, key + ": expected a text, got " + value.substr(0, 40)};
    (wallet ? made.wallet : made.signature) = decoded_text(value);
  }
  return made;
}

std::string signed_payload(const signed_body& x) {
  std::string out = "{";
  for (const auto& [key, value] : x.members)
    out.append(out.size() > 1 ? ", " : "").append(canonical_text(key)).append(": ").append(value);
  return out + '}';
}

std::optional<std::string> bare_payload(const signed_body& x, std::string_view field) {
  if (x.members.size() != 1 || x.members.front().first != field)
    return {};
  return x.members.front().second;
}

std::string signed_text(uint64_t window, std::string_view payload) {
  return std::to_string(window).append(payload);
}

std::string body_name(std::string_view wallet, std::string_view path, uint64_t window,
                      std::string_view payload) {
  std::string all;
  for (const auto part : {wallet, path})
    all.append(part).append(1, '\n');
  return sha256_hex(all + signed_text(window, payload));
}

} // namespace sluice
