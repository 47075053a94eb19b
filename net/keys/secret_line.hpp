/// A secret that is the only line of a file which nobody else may read.
#pragma once

#include "rules/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace sluice::net {

/// The only line that is not empty and no comment (#), of 1 to `bytes_max` printable characters of
/// ASCII without spaces. `what`: the secret's name for people, "the indexer's key".
/// `ec::unreachable` when the file cannot be read, `ec::refused` when others may read or write it
/// too, `ec::bad_input` when it is no such file; the secret is in none of these sentences.
result<std::string>
read_secret_line(const std::string& path, std::string_view what, size_t bytes_max);

} // namespace sluice::net
