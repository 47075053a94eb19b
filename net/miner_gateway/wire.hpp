/// The messages between a miner and a node as JSON texts; docs/wire.md shows each of them.
#pragma once

#include "rules/miner/codec.hpp"
#include "rules/miner_gateway/handshake.hpp"
#include "rules/result.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace sluice::net {

/// Longest texts, in bytes: checked before anything of a text is looked at. The bounds are
/// inclusive; a text beyond one of these six is ec::bad_input.
inline constexpr size_t greeting_bytes_max = 2 * 1024;  // from whoever is not admitted yet
inline constexpr size_t miner_bytes_max = 16 * 1024;    // from a miner
inline constexpr size_t node_bytes_max = 256 * 1024;    // from a node
inline constexpr size_t wire_depth_max = 8;             // of lists and objects
inline constexpr size_t wire_entries_max = 1000;        // of one list
inline constexpr size_t wire_text_bytes_max = 4 * 1024; // of one text in a message

/// Node -> miner: you are in. Times are milliseconds, bytes those of one message's text. `session`
/// is from 1, `uid` 0 to 65535, `protocol` 1 or 2. Numbers that are no 64-bit (uid: 16-bit) whole
/// numbers: bad_input, by read_message.
struct gateway_welcome {
  uint64_t session = 0; // its number, for the operator's log
  miner_uid uid;
  hotkey key;
  uint64_t ping_ms = 0;    // the node pings this often
  uint64_t silence_ms = 0; // and ends a connection of which it receives nothing for so long
  uint64_t bytes_max = 0;  // of one message
  std::optional<uint64_t> protocol{}; // over the fleet, which has no challenge: what is spoken
  SLUICE_FIELDS(session, uid, key, ping_ms, silence_ms, bytes_max, protocol)
  bool operator==(const gateway_welcome&) const = default;
};

/// Node -> miner: a question of a mechanism, which alone reads the body. `deadline_ms`:
/// milliseconds; `id` is from 1, one higher with every question. Other numbers are bad_input, by
/// read_message.
struct wire_question {
  uint64_t id = 0;          // of this session
  std::string mechanism;    // empty in protocol 1, which has one
  uint64_t deadline_ms = 0; // to answer, from the moment this was written
  body_text body;
  bool operator==(const wire_question&) const = default;
};

/// Miner -> node: the answer to the question of this id. `id`: any number of 64 bits; one of no
/// open question is passed over. What is no such number is bad_input.
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

/// Either side: are you there? The other answers with the same number. `id`: any number of 64 bits.
/// Else bad_input.
struct gateway_ping {
  uint64_t id = 0;
  SLUICE_FIELDS(id)
  bool operator==(const gateway_ping&) const = default;
};
/// `id`: as in the ping. Else bad_input.
struct gateway_pong {
  uint64_t id = 0;
  SLUICE_FIELDS(id)
  bool operator==(const gateway_pong&) const = default;
};

/// Either side: the last message of a session; a miner gateway that did not open sends
/// `gateway_refusal` instead. `retry_ms`: milliseconds, from 0; a miner of this program waits at
/// most ten times its longest pause. Other numbers are bad_input.
struct gateway_bye {
  gateway_reason reason = gateway_reason::closing;
  std::string text;
  uint64_t retry_ms = 0; // not before this; 0: as the peer likes
  SLUICE_FIELDS(reason, text, retry_ms)
  bool operator==(const gateway_bye&) const = default;
};

using gateway_message
  = std::variant<gateway_hello, gateway_challenge, gateway_answer, gateway_welcome, gateway_refusal,
                 wire_question, wire_answer, wire_notice, gateway_ping, gateway_pong, gateway_bye>;

/// Who sent a text. What a miner may not send, a node does not read, and the other way round.
enum class gateway_side : uint8_t { miner = 0, node };

/// "hello", "challenge", ...: the value of "type". In protocol 1 a notice has a type of its own,
/// which its mechanism writes. `protocol`: 1 or 2, here and below. Errors: none.
std::string_view type_of(const gateway_message& x, uint64_t protocol = gateway_protocol);

/// One line of JSON without its end. Never fails: bytes that are not UTF-8 become U+FFFD. Bodies
/// are written as they are: `nested` ones, or in protocol 1 `flat` ones, which are whole messages.
/// The length is not checked: bodies were bounded when they were made.
std::string write_message(const gateway_message& x, uint64_t protocol = gateway_protocol);

/// Fails with `ec::bad_input` and "TYPE: FIELD: expected ..., got ...". Bytes and depth are checked
/// before parsing. A node takes nothing that it does not know: a field that is unknown, or that
/// comes twice, is refused, except in a hello of another protocol. A miner passes over the fields
/// that it does not know, so that a node can learn new ones. Bodies are handed on as they came, in
/// the form of the protocol: whoever has their mechanism's codec reads them. `bytes_max`: the most
/// bytes that `text` may have, one of the bounds above.
result<gateway_message> read_message(std::string_view text, gateway_side sender, size_t bytes_max,
                                     uint64_t protocol = gateway_protocol);

} // namespace sluice::net
