/// From the numbers of LMDB and the system to a code and a sentence a human can act on.
#pragma once

#include "rules/result.hpp"

#include <filesystem>
#include <string_view>

namespace sluice::storage {

/// `rc` is an LMDB code (negative) or an errno; `doing` completes "PATH: cannot ...", e.g. "write".
/// Full disks, quotas and size limits are storage_full, lacking rights read_only, bytes that are
/// not LMDB's corrupt_data, a missing row no_such_key, no reader slot, EBUSY and EAGAIN busy,
/// EINVAL and a bad key size invalid_argument, a path that is no folder, is one, is too long or
/// loops bad_input, everything else unreachable. `rc` is not 0.
fault disk_fault(int rc, const std::filesystem::path& path, std::string_view doing);

} // namespace sluice::storage
