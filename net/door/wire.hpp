/// The messages between a miner and the door as JSON texts; docs/wire.md shows each of them.
#pragma once

#include "rules/door/handshake.hpp"
#include "rules/liquidity/query.hpp"
#include "rules/liquidity/scoreboard.hpp"
#include "rules/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

namespace sluice::net {

/// Longest texts, in bytes: checked before anything of a text is looked at.
inline constexpr size_t greeting_bytes_max = 2 * 1024;  // from whoever is not admitted yet
inline constexpr size_t miner_bytes_max = 16 * 1024;    // from a miner
inline constexpr size_t node_bytes_max = 256 * 1024;    // from a node
inline constexpr size_t wire_depth_max = 8;             // of lists and objects
inline constexpr size_t wire_entries_max = 1000;        // of one list
inline constexpr size_t wire_text_bytes_max = 4 * 1024; // of one text in a message

/// Node -> miner: you are in.
struct door_welcome {
  uint64_t session = 0; // its number, for the operator's log
  miner_uid uid;
  hotkey key;
  uint64_t ping_ms = 0;    // the node pings this often
  uint64_t silence_ms = 0; // and ends a connection of which it hears nothing for so long
  uint64_t bytes_max = 0;  // of one message
  SLUICE_FIELDS(session, uid, key, ping_ms, silence_ms, bytes_max)
  bool operator==(const door_welcome&) const = default;
};

/// Node -> miner: the market stands here, what would you hold? On the wire the fields of the query
/// stand beside the id.
struct door_question {
  uint64_t id = 0; // of this session
  rebalance_query query;
  bool operator==(const door_question&) const = default;
};

/// Miner -> node: this. On the wire the fields of the reply stand beside the id.
struct door_proposal {
  uint64_t id = 0; // the question's
  rebalance_reply reply;
  bool operator==(const door_proposal&) const = default;
};

/// Node -> miner: that proposal was not allowed, and why. The positions stay.
using door_invalid = proposal_refused;

/// Node -> miner: how a round ended for you, and where you stand on its job now.
using door_scores = miner_scores;

/// Either side: are you there? The other answers with the same number.
struct door_ping {
  uint64_t id = 0;
  SLUICE_FIELDS(id)
  bool operator==(const door_ping&) const = default;
};
struct door_pong {
  uint64_t id = 0;
  SLUICE_FIELDS(id)
  bool operator==(const door_pong&) const = default;
};

/// Either side: last words of a session; a door that did not open says `door_refusal` instead.
struct door_bye {
  door_reason reason = door_reason::closing;
  std::string text;
  uint64_t retry_ms = 0; // not before this; 0: as the peer likes
  SLUICE_FIELDS(reason, text, retry_ms)
  bool operator==(const door_bye&) const = default;
};

using door_message
  = std::variant<door_hello, door_challenge, door_answer, door_welcome, door_refusal, door_question,
                 door_proposal, door_invalid, door_scores, door_ping, door_pong, door_bye>;

/// Who sent a text. What a miner may not say, a node does not read, and the other way round.
enum class door_side : uint8_t { miner = 0, node };

/// "hello", "challenge", ...: the value of "type".
std::string_view type_of(const door_message& x);

/// One line of JSON without its end. Never fails: bytes that are not UTF-8 become U+FFFD.
std::string write_message(const door_message& x);

/// Fails with `ec::bad_input` and "TYPE: FIELD: expected ..., got ...". Bytes and depth are checked
/// before parsing. A node takes nothing that it does not know: a field that is unknown, or that
/// comes twice, is refused, except in a hello of another protocol. A miner passes over the fields
/// that it does not know, so that a node can learn new ones.
result<door_message> read_message(std::string_view text, door_side sender, size_t bytes_max);

} // namespace sluice::net
