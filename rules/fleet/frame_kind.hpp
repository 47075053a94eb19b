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
  // A node and a miner: the miner gateway's messages (docs/wire.md), from its welcome on.
  to_miner,
  from_miner,
  // Operator or observer -> node, and back:
  admin_line,
  admin_answer,
  // What mechanisms share among the nodes of one operator (share_message): from the node that was
  // connected to, and from the one that connected.
  to_node,
  from_node,
};

/// Number of kinds.
inline constexpr uint8_t frame_kinds = 16;

/// Sent before there is a key: proved by nothing but what it contains.
constexpr bool is_greeting(frame_kind kind) {
  return kind <= frame_kind::verdict;
}

} // namespace sluice
