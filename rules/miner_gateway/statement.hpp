/// Who a peer of the miner gateway claims to be, and the text that it signs to prove it.
#pragma once

#include "rules/ids.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

/// What nodes and miners speak; docs/wire.md describes it. The oldest is understood for ever: in it
/// there is one mechanism, whose fields stand in the messages themselves.
inline constexpr uint64_t gateway_protocol = 2;
/// Version number, as the one above.
inline constexpr uint64_t gateway_protocol_oldest = 1;

/// Is it one of the versions that are spoken, 1 to 2?
constexpr bool is_gateway_protocol(uint64_t x) {
  return x >= gateway_protocol_oldest && x <= gateway_protocol;
}

/// Bytes of the longest id of a node or a miner; the configuration takes no longer hotkey.
inline constexpr size_t gateway_id_bytes_max = 128;

/// What a peer wants to be. The miner gateway serves miners; workers and observers come through the
/// fleet.
enum class peer_role : uint8_t { miner = 0, worker, observer };
inline constexpr std::array<std::string_view, 3> peer_role_names{"miner", "worker", "observer"};

/// How a hotkey signs. The miner gateway takes ed25519; sr25519 is what the real chain's hotkeys
/// have.
enum class signature_kind : uint8_t { ed25519 = 0, sr25519 };
inline constexpr std::array<std::string_view, 2> signature_kind_names{"ed25519", "sr25519"};

constexpr std::string_view to_string(peer_role role) {
  return peer_role_names[static_cast<size_t>(role)];
}
constexpr std::string_view to_string(signature_kind kind) {
  return signature_kind_names[static_cast<size_t>(kind)];
}

std::optional<peer_role> parse_peer_role(std::string_view name);
std::optional<signature_kind> parse_signature_kind(std::string_view name);

/// Printable ASCII without spaces, 1 to `gateway_id_bytes_max`: such an id cannot break out of its
/// line of a statement.
bool is_gateway_id(std::string_view text);

/// Does the text begin as this program's own statements do? Nobody is asked to sign such a text
/// by hand.
bool looks_like_a_statement(std::string_view text);

/// Everything that a proof of identity depends on.
struct gateway_statement {
  uint64_t protocol = gateway_protocol; // 1 or 2 (not checked)
  peer_role role = peer_role::miner;
  std::string node; // who asks
  hotkey key;       // who signs
  signature_kind signature = signature_kind::ed25519;
  std::string nonce;    // the node's, fresh
  uint64_t time_ms = 0; // the signer's clock, unix milliseconds
};

/// The bytes that are signed: eight lines, each ended by a line feed, in this order (of protocol 1
/// the first is `sluice/door/statement`).
///
///     sluice/miner/statement
///     protocol 2
///     role miner
///     node NODE
///     hotkey HOTKEY
///     signature_kind ed25519
///     nonce NONCE
///     time_ms 1767225600000
///
/// Two different statements never have the same text as long as ids and nonce are `is_gateway_id`.
std::string statement_text(const gateway_statement& x);

} // namespace sluice
