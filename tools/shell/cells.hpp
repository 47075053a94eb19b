/// One value of an answer as people read it: its unit is in its key.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace sluice::tools {

/// 0.35 s, 4.2 s, 3 min 20 s, 5 h 12 min, 3 d 4 h. Seconds; below 0 or not finite is shown as no
/// number. Errors: none.
std::string duration_text(double seconds);
/// 512 B, 1.5 KiB, 3.2 GiB. Bytes, from 0; 1 KiB is 1024 bytes. Errors: none.
std::string bytes_text(double bytes);
/// 1,234,567. Any number of 64 bits.
std::string count_text(uint64_t x);

/// `key` ends in _s, _ms, _us, _bytes, _per_s or _percent where the number has that unit. Text is
/// made safe for a terminal; a time loses its T and Z, a decimal with many digits is shortened
/// (the JSON has them all). Lists and objects become one line.
std::string cell_text(std::string_view key, const nlohmann::ordered_json& value);

/// Is it a number, or an amount as text: to be put to the right?
bool is_number_like(const nlohmann::ordered_json& value);

/// "messages_per_s" -> "messages/s", "age_s" -> "age", "start_block" -> "start block".
std::string title_of(std::string_view key);

} // namespace sluice::tools
