/// Addresses of Substrate chains: what a hotkey is called.
#pragma once

#include "net/keys/ed25519.hpp"
#include "rules/result.hpp"

namespace sluice::net {

/// base58(42 | key | first 2 bytes of BLAKE2b-512("SS58PRE" | 42 | key)): 48 characters that
/// begin with 5. The prefix 42 is Bittensor's and that of every chain without one of its own.
std::string to_address(const public_key& key);

/// Fails with `ec::bad_input` and what was expected: letters, length, checksum, prefix.
result<public_key> parse_public_key(std::string_view address);

} // namespace sluice::net
