/// Who may come in: the checks of a hello and of the signed answer to its challenge, cheap first.
#pragma once

#include "rules/miner_gateway/refusal.hpp"
#include "rules/miner_gateway/statement.hpp"

#include <functional>
#include <optional>
#include <variant>
#include <vector>

namespace sluice {

/// Two clocks at one moment: the one that people set, and the one that only goes forward.
/// Milliseconds.
struct gateway_moment {
  uint64_t unix_ms = 0;
  uint64_t steady_ms = 0;
};

/// Of one hello: how many mechanisms it may state. Each is an `is_gateway_id`.
inline constexpr size_t stated_mechanisms_max = 16;

/// Miner -> node, first message. Role and kind of signature are texts here: a wrong one is refused
/// for what it is.
struct gateway_hello {
  uint64_t protocol = gateway_protocol; // version that it speaks; any number is read
  std::string role;
  hotkey key;
  std::string signature_kind;
  std::string software; // for the operator's eyes; may be empty
  /// What it answers questions of, 1 to stated_mechanisms_max names; none: of any mechanism.
  std::optional<std::vector<std::string>> mechanisms{};
  SLUICE_FIELDS(protocol, role, key, signature_kind, software, mechanisms)
  bool operator==(const gateway_hello&) const = default;
};

/// What a miner that comes over the fleet states in its first message.
struct miner_speech {
  uint64_t protocol = 1;               // the newest of docs/wire.md that it speaks; any number
  std::vector<std::string> mechanisms; // that it plays, to stated_mechanisms_max; empty: any
  bool operator==(const miner_speech&) const = default;
};
/// As one text: number and names, "2 NAME NAME"; "2" without mechanisms. Whoever reads only the
/// number reads it as well.
std::string text_of(const miner_speech& x);
/// "" is protocol 1. What is no name, and what is beyond the most, is passed over.
miner_speech miner_speech_of(std::string_view text);

/// The mechanisms that may ask a miner: those that it stated, of protocol 1 the one that its
/// questions are of (`protocol_1`); empty: any.
std::vector<std::string> stated_mechanisms(uint64_t protocol, std::vector<std::string> stated,
                                           const std::string& protocol_1);

/// Node -> miner: prove it.
struct gateway_challenge {
  uint64_t protocol = gateway_protocol; // version of the hello, 1 or 2
  std::string node;
  std::string nonce;
  uint64_t time_ms = 0;   // the node's clock, unix milliseconds
  uint64_t answer_ms = 0; // milliseconds that the challenge stands
  SLUICE_FIELDS(protocol, node, nonce, time_ms, answer_ms)
  bool operator==(const gateway_challenge&) const = default;
};

/// Miner -> node: the proof. The nonce is repeated so that a replay shows as what it is.
struct gateway_answer {
  std::string nonce;
  uint64_t time_ms = 0;  // the miner's clock, unix milliseconds
  std::string signature; // of the statement, hexadecimal
  SLUICE_FIELDS(nonce, time_ms, signature)
  bool operator==(const gateway_answer&) const = default;
};

/// What a gateway asks of a hello and of the answer; times are milliseconds.
struct gateway_terms {
  std::string node; // this node's id, an `is_gateway_id`
  std::vector<peer_role> roles{peer_role::miner};
  std::vector<signature_kind> signatures{signature_kind::ed25519};
  uint64_t answer_ms = 10'000; // milliseconds that a challenge stands
  uint64_t skew_ms = 30'000;   // milliseconds between the clocks, either way
  std::vector<uint64_t> protocols{gateway_protocol_oldest,
                                  gateway_protocol}; // versions that are spoken
};

/// What the roster (or an allow-list) knows of a hotkey.
struct peer_record {
  miner_uid uid;      // 0 to 65535, of the roster
  std::string banned; // why; empty: is not
};
/// Nothing: nobody of that name.
using peer_lookup = std::function<std::optional<peer_record>(const hotkey&)>;

enum class signature_verdict : uint8_t {
  good = 0,
  bad,
  no_key, // the hotkey is not the address of a public key
};
/// Was `text` signed by this hotkey? The signature is hexadecimal text of any length.
using signature_check = std::function<signature_verdict(
  signature_kind, const hotkey&, std::string_view text, std::string_view signature)>;

/// Came in.
struct admission {
  peer_role role = peer_role::miner;
  hotkey key;
  miner_uid uid; // 0 to 65535, of the roster
  std::string software;
  uint64_t protocol = gateway_protocol;  // of its hello
  std::vector<std::string> mechanisms{}; // that it stated; empty: any
  bool operator==(const admission&) const = default;
};

/// One connection from its first message to its admission. Every challenge is judged once, whatever
/// the answer was; after a refusal the connection is closed.
///
/// Why a recorded answer is worth nothing: it is an answer to one nonce, and no other challenge
/// has that nonce (nonces.hpp), in this incarnation of the node or another.
class handshake {
public:
  explicit handshake(gateway_terms terms) : terms_(std::move(terms)) {}

  /// Order: turn, protocol, ids, mechanisms, role, kind of signature, then what the roster holds.
  std::variant<gateway_challenge, gateway_refusal>
  greet(const gateway_hello& hello, const peer_lookup& look_up, std::string nonce,
        gateway_moment now);

  /// Order: turn, time to answer, nonce, clocks, what the roster holds now, and last the signature.
  std::variant<admission, gateway_refusal>
  judge(const gateway_answer& answer, const peer_lookup& look_up, const signature_check& check,
        gateway_moment now);

private:
  struct open_challenge {
    admission who; // if the answer is good
    signature_kind signature = signature_kind::ed25519;
    std::string nonce;
    uint64_t asked_ms = 0; // steady
  };

  gateway_terms terms_;
  std::optional<open_challenge> open_;
  bool greeted_ = false;
};

} // namespace sluice
