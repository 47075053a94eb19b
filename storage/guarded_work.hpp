/// Work on bytes that nobody vouches for, in a child process: what would end it is a sentence.
#pragma once

#include "rules/result.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace sluice::storage {

struct work_place;

/// How the child states what it does. Its memory is shared with the parent, which reads it while
/// the child works, and after whatever has ended it.
class work_progress {
public:
  /// `place` outlives it; null: nobody looks.
  explicit work_progress(work_place* place = nullptr) : place_(place) {}

  /// What is read from now on. Cut to 128 bytes each, the key to 511. Errors: none.
  void at(std::string_view store, std::string_view table, std::string_view key);
  /// So many of `total` rows, pages or bytes are done: from 0 to `total`, not checked.
  void done(uint64_t done, uint64_t total);
  /// One row more is done.
  void add_row();

private:
  work_place* place_;
};

/// The answer is bytes (codec.hpp makes them of structs): 256 MiB at most.
using guarded_work = std::function<result<std::string>(work_progress&)>;
/// Called about five times a second, in the parent, while the child works.
using progress_shown = std::function<void(uint64_t done, uint64_t total)>;

/// Does `work` in a child and answers what it answered. Where a signal ends the child (LMDB trusts
/// its pages, so damage may be SIGSEGV, SIGBUS or an assertion): corrupt_data with `what`, store,
/// table and row that it was reading. unreachable: no child can be made; timeout: it has not moved
/// for ten minutes. The process must have one thread, as a command of `sluice` has.
result<std::string> run_guarded(const std::filesystem::path& what, const guarded_work& work,
                                const progress_shown& shown = {});

} // namespace sluice::storage
