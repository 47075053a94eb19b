/// What a validator reports about one miner, cleaned.
#pragma once

#include "rules/fields.hpp"
#include "rules/ids.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::status_limits {

/// All are the highest that is allowed. What is beyond is removed from its item and counts as
/// missing; a list with more items, or nested deeper, is refused where it is read.
inline constexpr size_t items_max = 4096;         // of one report
inline constexpr size_t depth_max = 16;           // of brackets in one report
inline constexpr size_t list_bytes_max = 1 << 20; // of the text of one report
inline constexpr size_t hotkey_bytes_max = 128;
inline constexpr size_t text_bytes_max = 256;            // ip, port, last_seen and so on, as JSON
inline constexpr size_t specialization_bytes_max = 2048; // as JSON
inline constexpr size_t task_types_max = 32;             // of one specialization
inline constexpr size_t task_type_bytes_max = 64;
inline constexpr size_t extra_max = 16;        // other fields of one item
inline constexpr size_t name_bytes_max = 64;   // of such a field
inline constexpr size_t validators_max = 1024; // whose reports one node takes

} // namespace sluice::status_limits

namespace sluice {

/// A field that this program does not know: its name, and its JSON value as it came.
struct status_extra {
  std::string name;
  std::string json;
  SLUICE_FIELDS(name, json)
  bool operator==(const status_extra&) const = default;
};

/// "", none: missing. Bounds: status_limits. Source: facts/mechanisms C2; cleaned by README of the
/// cases, consensus, rule 2.
struct miner_status {
  miner_uid uid;
  std::string hotkey; // as text, without quotes
  std::optional<bool> is_serving;
  std::optional<double> stake;             // TAO, 0 and above
  std::optional<double> performance_score; // 0 to 1
  std::optional<double> current_load;      // tasks, 0 and above
  std::optional<double> max_capacity;      // tasks, any finite number
  std::string ip;                          // this and all below: a JSON value as it came
  std::string port;
  std::string external_ip;
  std::string external_port;
  std::string last_seen;
  std::string specialization;          // task_type_specialization: text, list or object
  std::vector<std::string> task_types; // of it, ascending; none: every type
  std::vector<status_extra> extra;     // by name
  double confidence = 0;               // when it was received, 0 to 1; not a field of the report
  SLUICE_FIELDS(uid, hotkey, is_serving, stake, performance_score, current_load, max_capacity, ip,
                port, external_ip, external_port, last_seen, specialization, task_types, extra,
                confidence)
  bool operator==(const miner_status&) const = default;
};

/// Name and JSON value of every field that is there, by name: the object that routes answer with.
std::vector<std::pair<std::string, std::string>> fields_of(const miner_status& x);

/// The same as one JSON object.
std::string status_json(const miner_status& x);

/// An ISO 8601 time ("2025-08-25T11:59:05.5+02:00"; without an offset: UTC) as a JSON text or
/// without quotes, in milliseconds since 1970-01-01 UTC; none for anything else.
std::optional<int64_t> last_seen_ms(std::string_view json);

} // namespace sluice
