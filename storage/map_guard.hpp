/// The last resort when a mapped file is cut or damaged under us: a sentence and exit 3, no signal.
#pragma once

#include <filesystem>

namespace sluice::storage {

/// While it exists, SIGBUS and SIGSEGV at addresses where this file is mapped end the process with
/// exit code 3 and one sentence on standard error; at other addresses they do what they did before.
/// Checks before reading (meta_page.hpp, page_check.hpp) come first: this is for what happens to
/// the file while it is in use. More than 16 files at a time are not guarded.
class map_guard {
public:
  map_guard() = default;
  /// Of the file FOLDER/data.mdb, wherever it is mapped; `folder` is what the sentence names.
  explicit map_guard(const std::filesystem::path& folder);
  map_guard(map_guard&& other) noexcept;
  map_guard& operator=(map_guard&& other) noexcept;
  ~map_guard();

private:
  int slot_ = -1;
};

/// Ends the process with exit code 3 and a sentence: LMDB found a page that it cannot go on from.
[[noreturn]] void end_over_damage(const std::filesystem::path& folder, const char* detail);

} // namespace sluice::storage
