/// What `sluice api-key` does, without its flags.
#pragma once

#include "io/text/charset.hpp"
#include "rules/api/key.hpp"
#include "rules/result.hpp"
#include "tools/keys/keys.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::tools {

/// Of a key that is to be made. `validator`: a hotkey, or a uid in decimals; required for the role
/// validator and for no other.
struct api_key_order {
  std::string role;
  std::string validator{};
  std::string name{};
  uint64_t expires_in_ms = 0; // milliseconds from now, 0: never
};

/// Makes a key in the folder's file: file, id, role, validator, name, expires, key. The text of the
/// key is in this report and nowhere else. `now_ms`: milliseconds since 1970-01-01 UTC.
/// ec::bad_input for the order, ec::refused when there are api_keys_max keys.
result<key_report>
make_api_key(const std::string& folder, const api_key_order& order, uint64_t now_ms);

/// Another text for the key; the one it has is good for `overlap_ms` more milliseconds. id, key and
/// until when the other is good. ec::no_such_key: no such id; ec::refused: it is revoked.
result<key_report> rotate_api_key_in(const std::string& folder, const std::string& id,
                                     uint64_t overlap_ms, uint64_t now_ms);

/// From now on the key is refused with 403; a second time it does nothing. id and revoked.
/// ec::no_such_key: no such id.
result<key_report>
revoke_api_key_in(const std::string& folder, const std::string& id, uint64_t now_ms);

/// A table for people, or a list of objects; never anything secret.
std::string api_keys_table(const std::vector<api_key>& all, uint64_t now_ms, size_t columns,
                           report::charset letters);
std::string api_keys_json(const std::vector<api_key>& all, uint64_t now_ms);

/// "30d", "12h", "45m", "90s" as milliseconds, 1 s to 3650 d. ec::bad_input names the flag.
result<uint64_t> api_key_duration(std::string_view flag, std::string_view text);

} // namespace sluice::tools
