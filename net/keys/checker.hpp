/// The miner gateway's check of signatures, made of real ones.
#pragma once

#include "rules/miner_gateway/handshake.hpp"

namespace sluice::net {

/// A hotkey is the SS58 address of its public key; one that is not has no key. Kinds other than
/// ed25519 and signatures that are not 128 hexadecimal digits are bad.
signature_verdict check_signature(signature_kind kind, const hotkey& key, std::string_view text,
                                  std::string_view signature);

} // namespace sluice::net
