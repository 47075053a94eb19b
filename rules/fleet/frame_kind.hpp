/// What one frame between two programs of a fleet is about.
#pragma once

#include <cstdint>

namespace sluice {

/// Append only: the numbers travel.
enum class frame_kind : uint8_t {
  // Before two peers share a key; nothing proves them.
  challenge = 0, // node -> peer
  proof,         // peer -> node
  verdict,       // node -> peer
  // Of an admitted peer. Node -> worker:
  market_begin,
  market_blocks,
  market_end,
  work,
  // Worker -> node:
  ready,
  work_done,
  work_undone,
  // A node and a miner: the door's messages (docs/wire.md), from its welcome on.
  miner_hears,
  miner_says,
  // Operator or observer -> node, and back:
  admin_line,
  admin_answer,
};

inline constexpr uint8_t frame_kinds = 14;

/// Said before there is a key: proved by nothing but what it contains.
constexpr bool is_greeting(frame_kind kind) {
  return kind <= frame_kind::verdict;
}

} // namespace sluice
