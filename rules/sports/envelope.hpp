/// What a miner and a validator of the sports mechanism send each other: the handshake, the signed
/// envelope, the exact text of the signature, and the sentences of the original.
///
/// A handshake is the object {hotkey, timestamp, nonce, signature}, an envelope {type, sender,
/// data, timestamp, nonce, signature}; all are texts but `data`, an object. The signature is 128
/// hexadecimal digits (64 bytes, sr25519 or ed25519) over the other members as the UTF-8 bytes of
/// their canonical JSON (rules/canonical_json.hpp): {"hotkey": ..., "nonce": ..., "timestamp": ...}
/// or {"data": ..., "nonce": ..., "sender": ..., "timestamp": ..., "type": ...}. How a text is
/// spaced, ordered or escaped does not matter; any other member is refused. Sources:
/// facts/mechanisms D3.10, vectors/bettensor-frames.jsonl.
#pragma once

#include "rules/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::sports_wire {

/// Bytes of a text, at most; what is longer is refused before it is read.
inline constexpr size_t handshake_bytes_max = 2 * 1024;
inline constexpr size_t miner_frame_bytes_max = 16 * 1024; // over a WebSocket
inline constexpr size_t miner_body_bytes_max = 512 * 1024; // over HTTP
inline constexpr size_t server_text_bytes_max = size_t{4} << 20;
inline constexpr size_t nonce_bytes_max = 64;
inline constexpr size_t word_bytes_max = 64; // of type and timestamp, and of an address

/// What the original says and how it closes, byte by byte.
inline constexpr std::string_view invalid_authentication = "Invalid authentication";
inline constexpr std::string_view not_registered = "Hotkey not registered in metagraph";
inline constexpr std::string_view invalid_message = "Invalid message signature or structure";
inline constexpr std::string_view invalid_json = "Invalid JSON";
inline constexpr std::string_view no_prediction_handler = "No handler registered for predictions";
inline constexpr std::string_view unknown_type = "Unknown message type: "; // then the type
inline constexpr std::string_view welcome_message = "Connection established";
inline constexpr std::string_view close_invalid = "Invalid authentication";             // 1008
inline constexpr std::string_view close_unregistered = "Unregistered hotkey";           // 1008
inline constexpr std::string_view close_replaced = "New connection established";        // 1000
inline constexpr std::string_view close_idle = "Connection idle timeout";               // 1000
inline constexpr std::string_view close_shutdown = "Server shutting down";              // 1000
inline constexpr std::string_view close_slow = "Too many messages wait to be read";     // 1008
inline constexpr std::string_view close_fast = "Too many messages in too short a time"; // 1008
inline constexpr uint16_t close_normal = 1000;
inline constexpr uint16_t close_policy = 1008;
inline constexpr uint16_t close_failed = 1011; // nothing is wrong with the miner: come again later

/// Types of envelopes.
inline constexpr std::string_view heartbeat = "heartbeat";
inline constexpr std::string_view heartbeat_ack = "heartbeat_ack";
inline constexpr std::string_view prediction = "prediction";
inline constexpr std::string_view confirmation = "confirmation";
inline constexpr std::string_view game_update = "game_update";
inline constexpr std::string_view error = "error";
inline constexpr std::string_view welcome = "welcome";

} // namespace sluice::sports_wire

namespace sluice {

/// A miner's first frame. Nothing of it is believed before its signature is verified.
struct sports_handshake {
  std::string hotkey; // SS58
  std::string timestamp;
  std::string nonce;
  std::string signature; // hexadecimal digits
  bool operator==(const sports_handshake&) const = default;
};

/// Every frame after it, either way, and every body of the HTTP routes.
struct sports_envelope {
  std::string type;
  std::string sender;      // SS58
  std::string data = "{}"; // the object as canonical JSON: what is signed is what is read
  std::string timestamp;
  std::string nonce;
  std::string signature; // hexadecimal digits
  bool operator==(const sports_envelope&) const = default;
};

/// The text of the signature. No error.
std::string signing_text(const sports_handshake& x);
std::string signing_text(const sports_envelope& x);

/// Reads the text of a handshake. ec::bad_input: more than handshake_bytes_max, or no strict JSON;
/// ec::refused: JSON, but not that object, each with what was expected. Hotkey, timestamp and nonce
/// are not empty and bounded; nothing is verified.
result<sports_handshake> read_sports_handshake(std::string_view text);

/// Reads the text of an envelope. Faults as above. `bytes_max`: of the text, inclusive.
result<sports_envelope> read_sports_envelope(std::string_view text, size_t bytes_max);

/// As the original's library spaces and orders it: `{"hotkey": ..., "timestamp": ..., "nonce": ...,
/// "signature": ...}`.
std::string write_text(const sports_handshake& x);

/// `{"type": ..., "sender": ..., "data": ..., "timestamp": ..., "signature": ..., "nonce": ...}`.
std::string write_text(const sports_envelope& x);

/// The object that follows a frame whose signature or structure is bad: it is not signed.
std::string flat_error_text(std::string_view message, std::string_view timestamp);

/// What a handshake is refused with, before the connection is closed.
std::string refusal_text(std::string_view message);

/// Is the timestamp a moment with an offset, at most `window_s` away from `now_us` (microseconds
/// since 1970-01-01 UTC) either way, inclusive?
bool is_fresh(std::string_view timestamp, int64_t now_us, uint64_t window_s);

/// Nonces of one side: milliseconds since 1970 with their fraction, as text ("1743508800123.456"),
/// each higher than the one before.
class sports_nonce_source {
public:
  /// `now_us`: microseconds since 1970-01-01 UTC, from 0.
  std::string next(int64_t now_us);

private:
  int64_t last_us_ = 0;
};

} // namespace sluice
