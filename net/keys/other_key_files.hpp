/// Key files of other programs, recognised by their content: read where possible, else named.
#pragma once

#include "net/keys/key_file.hpp"
#include "rules/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::net {

enum class key_form : uint8_t {
  own = 0,          // of Sluice, or anything else
  bittensor,        // a JSON document of a wallet (facts/substrate: btwallet)
  bittensor_locked, // the same, with a password
  pem,              // a certificate, or a key of TLS
  ssh,              // a key of OpenSSH
  words,            // a secret phrase of 12 to 24 words
};

key_form other_key_form(std::string_view text);

/// The key of a file of `form`, which is not `own`. Of `bittensor`: the sr25519 key of its
/// `secretSeed`, whose public key and address must be those of the file. ec::bad_input, with
/// `name` for the file, states what it is, what was expected, and what to do; the secret is never
/// in it.
result<key_pair> parse_other_key(std::string_view text, const std::string& name, key_form form);

} // namespace sluice::net
