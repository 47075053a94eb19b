/// Refuses files of private keys that stand open to others.
#pragma once

#include "rules/result.hpp"

#include <optional>
#include <string>

namespace sluice::net {

/// Why this key of TLS must not be used: everybody of this machine may read or write the file, or
/// its group may write it; with the chmod to type. None: it is well kept, or there is no such file,
/// or it has no name that others could open. A group may read it, as under /etc/ssl/private.
std::optional<fault> open_key_fault(const std::string& path);

} // namespace sluice::net
