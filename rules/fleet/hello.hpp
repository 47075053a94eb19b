/// How two programs of a fleet get to know each other, as plain values and pure checks.
#pragma once

#include "rules/fields.hpp"
#include "rules/fleet/role.hpp"
#include "rules/result.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace sluice {

/// Raise when any frame is read in another way.
inline constexpr uint32_t fleet_version = 1;

/// Bytes of a peer's name, at most: what people call a machine.
inline constexpr size_t fleet_name_max = 64;

/// 32 bytes: a key or a nonce.
using fleet_bytes = std::array<uint8_t, 32>;

/// The first message of a peer.
struct hello_message {
  fleet_role role = fleet_role::worker;
  std::string name;
  std::string certificate; // DER; empty where nobody has one
  std::string hotkey;      // of a miner
  std::string engine;      // of a worker: what it calculates with (engine_digest); of a miner: its
                           // miner_speech
  uint32_t cores = 0;      // of a worker: processor cores, 1 to 1024
  fleet_bytes key{};       // X25519, for this session only
  SLUICE_FIELDS(role, name, certificate, hotkey, engine, cores, key)
  bool operator==(const hello_message&) const = default;
};

/// The node's answer: who it is, and what is to be signed.
struct challenge_message {
  uint64_t session = 0; // number that the node gives the connection
  fleet_bytes nonce{};
  fleet_bytes key{};
  std::string certificate;
  std::string signature; // by the certificate's key, of node_statement
  SLUICE_FIELDS(session, nonce, key, certificate, signature)
  bool operator==(const challenge_message&) const = default;
};

/// The peer's proof that the certificate and the hotkey of its hello are its own.
struct proof_message {
  uint64_t session = 0;         // as in the challenge
  std::string signature;        // by the certificate's key, of peer_statement
  std::string hotkey_signature; // of the same, 128 hexadecimal digits
  SLUICE_FIELDS(session, signature, hotkey_signature)
  bool operator==(const proof_message&) const = default;
};

/// In, or why not.
struct verdict_message {
  uint64_t session = 0; // as in the challenge
  bool admitted = false;
  std::string why;
  SLUICE_FIELDS(session, admitted, why)
  bool operator==(const verdict_message&) const = default;
};

/// What a node asks of a peer before it looks at any signature.
struct hello_terms {
  bool insecure = false; // roles are as claimed, but nobody is an operator
  std::string engine;    // workers must have the same
};

/// Empty when the hello may go on; else why not and what to do. Versions are fleet_version of both
/// sides; a worker's cores are 1 to 1024.
std::string version_fault(uint32_t theirs, uint32_t ours);
std::string hello_fault(const hello_message& hello, const hello_terms& terms);

/// Empty when a certificate of this role and name may send this hello.
std::string identity_fault(const hello_message& hello, fleet_role role, std::string_view name);

/// [A-Za-z0-9._-]{1,64}, as in a certificate.
bool is_fleet_name(std::string_view name);

/// What a node signs: all that was sent so far. `hello` and `challenge` are the bytes as they
/// travelled, the challenge without its signature.
std::string node_statement(std::string_view hello, std::string_view challenge);

/// What a peer signs; another text, so that nobody's signature can be used as somebody else's.
std::string peer_statement(std::string_view hello, std::string_view challenge);

} // namespace sluice
