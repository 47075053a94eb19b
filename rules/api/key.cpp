#include "rules/api/key.hpp"

#include "rules/chain/sha256.hpp"

#include <algorithm>
#include <utility>

namespace sluice {

namespace {

constexpr std::string_view key_prefix = "sluice_";
constexpr size_t id_bytes = 8;

bool is_hex_of(std::string_view x, size_t bytes) {
  return x.size() == bytes && std::all_of(x.begin(), x.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

std::string hex_of_bytes(std::span<const uint8_t> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const auto x : bytes) {
    out += digits[x >> 4];
    out += digits[x & 15];
  }
  return out;
}

/// base64url without padding (RFC 4648, 5).
std::string base64url_of(std::span<const uint8_t> bytes) {
  constexpr std::string_view digits
    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  uint32_t held = 0;
  unsigned bits = 0;
  for (const auto x : bytes) {
    held = (held << 8 | x) & 0xffff;
    for (bits += 8; bits >= 6; bits -= 6)
      out += digits[held >> (bits - 6) & 63];
  }
  if (bits > 0)
    out += digits[held << (6 - bits) & 63];
  return out;
}

std::string key_digest_of(std::string_view salt, std::string_view text) {
  return sha256_hex(std::string{salt}.append(text));
}

/// In a time that depends on the longer of them alone.
bool same_bytes(std::string_view a, std::string_view b) {
  unsigned differ = a.size() == b.size() ? 0 : 1;
  for (size_t i = 0; i < std::max(a.size(), b.size()); ++i)
    differ |= static_cast<unsigned>(static_cast<unsigned char>(i < a.size() ? a[i] : 0)
                                    ^ static_cast<unsigned char>(i < b.size() ? b[i] : 0));
  return differ == 0;
}

std::string key_text_of(std::string_view id, const api_key_chance& chance) {
  return std::string{key_prefix}.append(id).append("_").append(base64url_of(chance.secret));
}

api_key_hash key_hash_of(std::string_view text, const api_key_chance& chance) {
  auto salt = hex_of_bytes(chance.salt);
  auto digest = key_digest_of(salt, text);
  return {std::move(salt), std::move(digest)};
}

/// The id in a text of our form; "" in any other.
std::string_view id_in(std::string_view text) {
  return text.starts_with(key_prefix) ? text.substr(key_prefix.size(), id_bytes)
                                      : std::string_view{};
}

bool is_hash(const api_key_hash& x) {
  return is_hex_of(x.salt, 32) && is_hex_of(x.digest, 64);
}

} // namespace

issued_api_key
issue_api_key(api_key terms, const api_key_chance& chance, std::span<const api_key> taken) {
  auto id = chance.id;
  const auto is_taken = [&] {
    const auto text = hex_of_bytes(id);
    return std::any_of(taken.begin(), taken.end(), [&](const auto& x) { return x.id == text; });
  };
  for (size_t i = 0; i <= taken.size() && is_taken(); ++i)
    for (auto& byte : id)
      if (++byte != 0)
        break;
  terms.id = hex_of_bytes(id);
  auto text = key_text_of(terms.id, chance);
  terms.hash = key_hash_of(text, chance);
  terms.replaced = {};
  terms.replaced_until_ms = 0;
  return {std::move(terms), std::move(text)};
}

issued_api_key rotate_api_key(api_key x, const api_key_chance& chance, uint64_t until_ms) {
  auto text = key_text_of(x.id, chance);
  auto before = std::exchange(x.hash, key_hash_of(text, chance));
  x.replaced = until_ms == 0 ? api_key_hash{} : std::move(before);
  x.replaced_until_ms = until_ms;
  return {std::move(x), std::move(text)};
}

api_key_check check_api_key(std::span<const api_key> keys, std::string_view text, uint64_t now_ms) {
  static const api_key nobody{.hash = {std::string(32, '0'), std::string(64, '0')}};
  const auto id = id_in(text);
  const api_key* found = &nobody;
  for (const auto& x : keys) // the id is public: which one it is may show, how long it takes not
    found = same_bytes(x.id, id) ? &x : found;
  const auto& old = found->replaced.salt.empty() ? nobody.hash : found->replaced;
  const bool now_good = same_bytes(key_digest_of(found->hash.salt, text), found->hash.digest);
  const bool old_good = same_bytes(key_digest_of(old.salt, text), old.digest);
  if (found == &nobody || !(now_good || (old_good && now_ms < found->replaced_until_ms)))
    return {};
  const auto state = found->revoked_ms != 0 ? api_key_state::revoked
                     : found->expires_ms != 0 && now_ms >= found->expires_ms
                       ? api_key_state::expired
                       : api_key_state::good;
  return {state, found};
}

bool has_form_of_api_key(std::string_view text) {
  return text.size() >= api_key_bytes_min && text.size() <= api_key_bytes_max
         && std::all_of(text.begin(), text.end(), [](char c) {
              return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')
                     || c == '_' || c == '-';
            });
}

bool is_api_key_id(std::string_view text) {
  return is_hex_of(text, id_bytes);
}

std::optional<std::string> trouble_of(const api_key& x) {
  if (!is_api_key_id(x.id))
    return "expected 8 lower-case hex digits as id";
  if (x.name.size() > api_key_name_bytes_max)
    return "expected a name of at most 64 bytes";
  if (x.role == api_role::none)
    return "expected the role client, validator or admin";
  if (!x.validator.value.empty() && x.validator_uid)
    return "expected a validator's hotkey or its uid, one of them";
  const bool has_validator = !x.validator.value.empty() || x.validator_uid;
  if (x.role == api_role::validator && !has_validator)
    return "expected the hotkey or uid of the validator that the key is for";
  if (x.role != api_role::validator && has_validator)
    return "expected no validator: the key is of role " + std::string{name_of(x.role)};
  if (!is_hash(x.hash))
    return "expected a salt of 32 and a digest of 64 lower-case hex digits";
  if (x.replaced != api_key_hash{} && !is_hash(x.replaced))
    return "expected a replaced salt of 32 and digest of 64 lower-case hex digits";
  return {};
}

} // namespace sluice
