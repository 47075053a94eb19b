/// Keys of the HTTP API: their text, what is stored of them, and whether one that was sent is good.
#pragma once

#include "rules/api/role.hpp"
#include "rules/ids.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// Where a data folder keeps its keys.
inline constexpr std::string_view api_keys_file_name = "api-keys.json";
/// Locked by whoever changes them; the folder itself is locked by its node.
inline constexpr std::string_view api_keys_lock_name = "api-keys.lock";
/// Bounds of a key's text, inclusive, in bytes; every one is of A-Z a-z 0-9 _ -.
inline constexpr size_t api_key_bytes_min = 16;
inline constexpr size_t api_key_bytes_max = 256;
/// Keys of one node, with those that are revoked.
inline constexpr size_t api_keys_max = 1024;
/// Bytes of the name that people give to a key.
inline constexpr size_t api_key_name_bytes_max = 64;

/// What is stored of one secret: SHA-256 of salt and key text. 32 and 64 lower-case hex digits;
/// both empty: there is none. The text has 256 bits of chance, so no slow hash is needed (decision
/// 0042).
struct api_key_hash {
  std::string salt{};
  std::string digest{};
  bool operator==(const api_key_hash&) const = default;
};

/// A key without its text. Times are milliseconds since 1970-01-01 UTC.
struct api_key {
  std::string id{};   // 8 lower-case hex digits, in the text as well; public
  std::string name{}; // for people
  api_role role = api_role::client;
  hotkey validator{};                       // of role validator: this
  std::optional<miner_uid> validator_uid{}; // or this
  uint64_t created_ms = 0;
  uint64_t expires_ms = 0; // 0: never
  uint64_t revoked_ms = 0; // 0: not
  api_key_hash hash{};
  api_key_hash replaced{}; // by a rotation: good until `replaced_until_ms`
  uint64_t replaced_until_ms = 0;
  bool operator==(const api_key&) const = default;
};

/// What chance gives to a new text. Errors: none.
struct api_key_chance {
  std::array<uint8_t, 4> id{};
  std::array<uint8_t, 16> salt{};
  std::array<uint8_t, 32> secret{};
};

/// A key and its text, "sluice_ID_SECRET", 59 bytes, which is nowhere else.
struct issued_api_key {
  api_key key;
  std::string text;
};

/// `terms`: role, name, validator and times as they are to be; its id and hashes are filled in. An
/// id that `taken` has is stepped over. Not checked; no error.
issued_api_key
issue_api_key(api_key terms, const api_key_chance& chance, std::span<const api_key> taken);

/// Another text for the same key; the one it has is good until `until_ms` (0: from now on not).
issued_api_key rotate_api_key(api_key x, const api_key_chance& chance, uint64_t until_ms);

/// `unknown`: no key has this text. The others: this text is of a key. `key` is set unless unknown.
enum class api_key_state : uint8_t { good, unknown, revoked, expired };
struct api_key_check {
  api_key_state state = api_key_state::unknown;
  const api_key* key = nullptr;
};

/// Compares with every key, in a time that does not depend on where a text differs. `now_ms`:
/// milliseconds since 1970-01-01 UTC.
api_key_check check_api_key(std::span<const api_key> keys, std::string_view text, uint64_t now_ms);

/// Is it 16 to 256 bytes of A-Z a-z 0-9 _ -?
bool has_form_of_api_key(std::string_view text);

/// Is it 8 lower-case hex digits?
bool is_api_key_id(std::string_view text);

/// What is wrong with a stored key, a sentence; none when nothing is.
std::optional<std::string> trouble_of(const api_key& x);

} // namespace sluice
