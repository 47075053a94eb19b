/// Why the door says no, in a word for programs and a sentence for people.
#pragma once

#include "rules/fields.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace sluice {

/// Append only: the names travel. docs/wire.md says what a peer should do about each.
enum class door_reason : uint8_t {
  malformed = 0,        // not a message, or a field that cannot be
  out_of_turn,          // a message that is not due
  wrong_version,        // another protocol
  wrong_role,           // not served by this door
  wrong_signature_kind, // not understood by this node
  unknown_hotkey,       // not registered
  banned,               // by the operator
  no_key,               // the hotkey is a name: nobody can sign for it
  expired,              // the challenge was answered too late
  replay,               // an answer to another challenge
  clock_skew,           // the two clocks are too far apart
  bad_signature,        // not by this hotkey, or not of this statement
  too_many,             // connections
  too_fast,             // connections, bytes or messages per second
  replaced,             // a newer connection of the same hotkey
  silent,               // nothing was heard for too long
  closing,              // this side stops
};

inline constexpr std::array<std::string_view, 17> door_reason_names{
  "malformed",      "out_of_turn",   "wrong_version", "wrong_role", "wrong_signature_kind",
  "unknown_hotkey", "banned",        "no_key",        "expired",    "replay",
  "clock_skew",     "bad_signature", "too_many",      "too_fast",   "replaced",
  "silent",         "closing"};

constexpr std::string_view to_string(door_reason reason) {
  return door_reason_names[static_cast<size_t>(reason)];
}

/// What whoever is refused should do about it, in one sentence for people.
std::string_view advice(door_reason reason);

/// The last words of a door that does not open.
struct door_refusal {
  door_reason reason = door_reason::malformed;
  std::string text;
  uint64_t retry_ms = 0; // not before this; 0: as the peer likes
  SLUICE_FIELDS(reason, text, retry_ms)
  bool operator==(const door_refusal&) const = default;
};

} // namespace sluice
