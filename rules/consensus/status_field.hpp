/// The fields of a miner's status by number, so that records can be merged without their names.
#pragma once

#include "rules/consensus/miner_status.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

/// In the order of their names.
enum class status_field : uint8_t {
  current_load = 0,
  external_ip,
  external_port,
  hotkey,
  ip,
  is_serving,
  last_seen,
  max_capacity,
  performance_score,
  port,
  stake,
  specialization,
  uid,
};
inline constexpr size_t status_fields = 13;
/// Of those fields only; `extra` is known by its names.
inline constexpr std::array<std::string_view, status_fields> status_field_names{
  "current_load", "external_ip",  "external_port",
  "hotkey",       "ip",           "is_serving",
  "last_seen",    "max_capacity", "performance_score",
  "port",         "stake",        "task_type_specialization",
  "uid",
};
constexpr std::string_view name_of(status_field x) {
  return status_field_names[static_cast<size_t>(x)];
}
constexpr uint32_t bit_of(status_field x) {
  return uint32_t{1} << static_cast<uint8_t>(x);
}
/// Set when the status has `extra`.
inline constexpr uint32_t extra_bit = uint32_t{1} << status_fields;

/// The bits of the fields that are there; uid always is.
uint32_t mask_of(const miner_status& x);

/// Its JSON value; "" when it is missing.
std::string json_of_field(const miner_status& x, status_field field);

/// The text of ip, port, external_ip, external_port, last_seen and specialization, which is their
/// JSON value; null for every other field.
const std::string* raw_text(const miner_status& x, status_field field);
std::string* raw_text(miner_status& x, status_field field);

} // namespace sluice
