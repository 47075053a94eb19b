/// What two nodes of one operator send each other for their mechanisms.
#pragma once

#include "rules/fields.hpp"

#include <cstdint>
#include <string>

namespace sluice {

/// Append only: the numbers travel.
enum class share_kind : uint8_t {
  value = 0, // something to take over, as its mechanism reads it
  answered,  // the value that was sent first of those not answered yet is dealt with
  closing,   // the sender takes nothing more in this session
};
constexpr bool known(share_kind x) {
  switch (x) {
  case share_kind::value:
  case share_kind::answered:
  case share_kind::closing:
    return true;
  }
  return false;
}

/// Bytes of one, in a frame to_node or from_node. A peer sends as many values without an answer as
/// the mechanism allows; one more ends the session.
struct share_message {
  std::string mechanism; // whose it is
  share_kind kind = share_kind::value;
  std::string bytes; // of a value; of closing why, for people
  SLUICE_FIELDS(mechanism, kind, bytes)
  bool operator==(const share_message&) const = default;
};

} // namespace sluice
