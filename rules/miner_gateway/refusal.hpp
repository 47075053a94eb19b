/// Why the miner gateway refuses, as a name for programs and a sentence for people.
#pragma once

#include "rules/fields.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace sluice {

/// Append only: the names travel. docs/wire.md states what a peer should do about each.
enum class gateway_reason : uint8_t {
  malformed = 0,        // not a message, or a field that cannot be
  out_of_turn,          // a message that is not due
  wrong_version,        // another protocol
  wrong_role,           // not served by this miner gateway
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
  silent,               // nothing was received for too long
  closing,              // this side stops
  foreign_origin,       // a page of a browser that may not connect here
};

inline constexpr std::array<std::string_view, 18> gateway_reason_names{
  "malformed",      "out_of_turn",   "wrong_version", "wrong_role", "wrong_signature_kind",
  "unknown_hotkey", "banned",        "no_key",        "expired",    "replay",
  "clock_skew",     "bad_signature", "too_many",      "too_fast",   "replaced",
  "silent",         "closing",       "foreign_origin"};

constexpr std::string_view to_string(gateway_reason reason) {
  return gateway_reason_names[static_cast<size_t>(reason)];
}

/// What whoever is refused should do about it, in one sentence for people.
std::string_view advice(gateway_reason reason);

/// What a miner gateway sends before it closes a connection that it does not admit.
struct gateway_refusal {
  gateway_reason reason = gateway_reason::malformed;
  std::string text;
  uint64_t retry_ms = 0; // milliseconds to wait at least; 0: as the peer likes
  SLUICE_FIELDS(reason, text, retry_ms)
  bool operator==(const gateway_refusal&) const = default;
};

} // namespace sluice
