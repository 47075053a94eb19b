/// Tells a mistyped SS58 address from a name: hotkeys may be either.
#pragma once

#include <string>
#include <string_view>

namespace sluice {

/// Does it have the form of an address with the network prefix 42 (facts/substrate: 47 to 49
/// letters and digits that begin with 5)?
bool looks_like_address(std::string_view text);

/// "" for a good address and for whatever does not look like one; else what is wrong with it, as
/// an expectation: "an SS58 address whose checksum fits: a letter is wrong". The checksum is the
/// first 2 bytes of BLAKE2b-512("SS58PRE" | 42 | key).
std::string address_fault(std::string_view text);

} // namespace sluice
