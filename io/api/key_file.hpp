/// The keys of the HTTP API in a data folder: `api-keys.json`, mode 0600, without any key's text.
#pragma once

#include "rules/api/key.hpp"
#include "rules/result.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::io {

/// Bytes of such a file, at most: more than api_keys_max keys need.
inline constexpr size_t api_keys_file_bytes_max = size_t{2} << 20;

/// "FOLDER/api-keys.json".
std::string api_keys_file_in(const std::string& folder);

/// At most api_keys_max keys; ec::bad_input with file, line and field for anything that is wrong.
/// `name` stands for the file.
result<std::vector<api_key>> parse_api_keys(std::string_view text, const std::string& name);

/// One key per line, in the order of the list.
std::string write_api_keys(const std::vector<api_key>& all);

/// No file: no keys. ec::refused when others may read or write it, ec::unreachable when it cannot
/// be read, ec::bad_input as of parse_api_keys.
result<std::vector<api_key>> read_api_keys(const std::string& folder);

/// Reads the keys, has them changed, and replaces the file: whole or not at all. ec::busy while
/// another process does the same; the folder is made when it is missing. A fault of `change` is
/// handed on, and nothing is written.
result<nothing>
change_api_keys(const std::string& folder,
                const std::function<result<nothing>(std::vector<api_key>&)>& change);

/// Differs when the file was replaced; "" when there is none. Errors: none.
std::string version_of_api_keys(const std::string& folder);

} // namespace sluice::io
