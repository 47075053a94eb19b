/// A hotkey in a file that only its owner can read.
///
///     # A hotkey of Sluice. Who has this file speaks for it: keep it to yourself.
///     kind ed25519
///     address 5FA9nQDVg267DEd8m1ZypXLBnvN7SFxYwV7ndqSYGiN9TTpu
///     public 88dc3417d5058ec4b4503e0c12ea1a0a89be200fe98922423d4334014fa6b0ee
///     secret abf8e5bdbe30c65656c0a3cbd181ff8a56294a69dfedd27982aace4a76909115
#pragma once

#include "net/keys/ed25519.hpp"
#include "rules/miner_gateway/statement.hpp"
#include "rules/result.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::net {

struct key_pair {
  signature_kind kind = signature_kind::ed25519;
  std::string address; // what the roster calls it
  public_key open{};
  secret_seed secret;
};

/// Of any 32 bytes: RFC 8032's seed, or the mini secret of a wallet for sr25519.
key_pair make_key_pair(const secret_seed& secret, signature_kind kind = signature_kind::ed25519);

/// The signature of any text as this kind signs: 64 bytes, which verify_by (signature_schemes.hpp)
/// takes. std::runtime_error when libsodium cannot be used.
std::array<uint8_t, 64> sign(const key_pair& keys, std::string_view message);

/// What the file holds. It contains the secret: `wipe` it.
std::string write_key(const key_pair& keys);

/// Reads a hotkey file of Bittensor's wallets too (other_key_files.hpp).
/// Errors are one line "FILE:LINE: field: expected ..., got ...; what to do" with `ec::bad_input`;
/// the secret is never in them. `name` stands for the file.
result<key_pair> parse_key(std::string_view text, const std::string& name);

/// Makes a file of mode 0600, durable, or none at all. `ec::refused` when the name is taken,
/// `ec::unreachable` or `ec::storage_full` when it cannot be written.
result<nothing> write_key_file(const std::string& path, const key_pair& keys);

/// `ec::unreachable` when it cannot be read, `ec::refused` when others may read or write it too.
result<key_pair> read_key_file(const std::string& path);

} // namespace sluice::net
