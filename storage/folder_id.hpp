/// The id of a data folder: what tells its stores from those of every other folder.
#pragma once

#include <string>
#include <string_view>

namespace sluice::storage {

/// 32 hexadecimal digits in lower case: 16 bytes.
bool is_folder_id(std::string_view text);

/// A new one, of the system's random bytes. Never fails: where the system has none (a kernel before
/// 3.17) it is made of the process's number and an address.
std::string fresh_folder_id();

} // namespace sluice::storage
