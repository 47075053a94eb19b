/// Puts one folder in the place of another so that the name is never without one.
#pragma once

#include "rules/result.hpp"

#include <filesystem>

namespace sluice::storage {

/// From now on the folder `made` goes by the name `at`, and what was there, if anything was, by the
/// name `aside`, where nothing is yet, or by that of `made`, when `aside` is the same. In one step
/// where the file system can exchange two names, else in two. The names are on the disk afterwards.
/// Faults: refused when `at` is where a file system begins; else as disk_fault. Then `at` is as it
/// was.
result<nothing> put_in_place(const std::filesystem::path& made, const std::filesystem::path& at,
                             const std::filesystem::path& aside);

} // namespace sluice::storage
