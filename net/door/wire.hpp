/// The messages between a miner and a node as JSON texts; docs/wire.md shows each of them.
#pragma once

#include "rules/door/handshake.hpp"
#include "rules/miner/codec.hpp"
#include "rules/result.hpp"

#include <cstddef>
#include <optional>
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
  uint64_t ping_ms = 0;               // the node pings this often
  uint64_t silence_ms = 0;            // and ends a connection of which it hears nothing for so long
  uint64_t bytes_max = 0;             // of one message
  std::optional<uint64_t> protocol{}; // over the fleet, which has no challenge: what is spoken
  SLUICE_FIELDS(session, uid, key, ping_ms, silence_ms, bytes_max, protocol)
  bool operator==(const door_welcome&) const = default;
};

/// Node -> miner: a question of a mechanism, which alone reads the body.
struct wire_question {
  uint64_t id = 0;          // of this session
  std::string mechanism;    // empty in protocol 1, which has one
  uint64_t deadline_ms = 0; // to answer, from the moment this was written
  body_text body;
  bool operator==(const wire_question&) const = default;
};

/// Miner -> node: the answer to the question of this id.
struct wire_answer {
  uint64_t id = 0;
  body_text body;
  bool operator==(const wire_answer&) const = default;
};

/// Node -> miner: what a mechanism wants it to know.
struct wire_notice {
  std::string mechanism; // empty in protocol 1
  body_text body;
  bool operator==(const wire_notice&) const = default;
};

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
  = std::variant<door_hello, door_challenge, door_answer, door_welcome, door_refusal, wire_question,
                 wire_answer, wire_notice, door_ping, door_pong, door_bye>;

/// Who sent a text. What a miner may not say, a node does not read, and the other way round.
enum class door_side : uint8_t { miner = 0, node };

/// "hello", "challenge", ...: the value of "type". In protocol 1 a notice has a type of its own,
/// which its mechanism writes.
std::string_view type_of(const door_message& x, uint64_t protocol = door_protocol);

/// One line of JSON without its end. Never fails: bytes that are not UTF-8 become U+FFFD. Bodies
/// are written as they are: `nested` ones, or in protocol 1 `flat` ones, which are whole messages.
std::string write_message(const door_message& x, uint64_t protocol = door_protocol);

/// Fails with `ec::bad_input` and "TYPE: FIELD: expected ..., got ...". Bytes and depth are checked
/// before parsing. A node takes nothing that it does not know: a field that is unknown, or that
/// comes twice, is refused, except in a hello of another protocol. A miner passes over the fields
/// that it does not know, so that a node can learn new ones. Bodies are handed on as they came, in
/// the form of the protocol: whoever has their mechanism's codec reads them.
result<door_message> read_message(std::string_view text, door_side sender, size_t bytes_max,
                                  uint64_t protocol = door_protocol);

} // namespace sluice::net
