/// What `sluice keys` does, without its flags.
#pragma once

#include "rules/result.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::tools {

/// Names and values, in the order in which they are shown.
using key_report = std::vector<std::pair<std::string, std::string>>;

/// Makes a key from the system's source of chance and a file for it (key_file.hpp): file, kind,
/// address, public. `kind`: ed25519 or sr25519; another is `ec::bad_input`.
result<key_report> make_key_file(const std::string& path, std::string_view kind = "ed25519");

/// kind, address, public of a file; never the secret.
result<key_report> show_key_file(const std::string& path);

/// kind, address, public, signature. `ec::refused` for texts that begin as this program's own
/// statements do: who signs one by hand lets somebody in under his name.
result<key_report> sign_with_file(const std::string& path, std::string_view message);

/// Is it this key's signature of this message? `key` is 64 hexadecimal digits or an address, the
/// signature 128 digits; what is neither is `ec::bad_input`.
result<bool> verify_signature(std::string_view kind, std::string_view key, std::string_view message,
                              std::string_view signature);

/// "address  5F..." per line.
std::string to_table(const key_report& report);
/// One object on one line.
std::string to_json(const key_report& report);

} // namespace sluice::tools
