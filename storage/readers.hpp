/// Who reads the stores of a folder now, over all processes, for how long, and how a reader is
/// ended.
#pragma once

#include "rules/fields.hpp"
#include "rules/result.hpp"
#include "storage/data_dir.hpp"

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sluice::storage {

/// One slot of LMDB's reader table in which a read transaction is open. `pid`: of its process, in
/// the namespace of that process; `commit`: number of the commit that it sees, whose pages cannot
/// be used again while it is open. Not checked here.
struct reader_slot {
  std::string store;
  int64_t pid = 0;
  uint64_t thread = 0;
  uint64_t commit = 0;
  SLUICE_FIELDS(store, pid, thread, commit)
  friend auto operator<=>(const reader_slot&, const reader_slot&) = default;
};

/// The lines of mdb_reader_list: a heading, then "PID THREAD(hex) COMMIT" each; a slot without an
/// open transaction has "-" and is left out. Lines that are none of these are passed over.
std::vector<reader_slot> parse_readers(std::string_view lines, const std::string& store);

/// Slots of all stores in which something is read now, by store, pid and thread. A store that was
/// opened without its lock file shows none. Faults: as disk_fault.
result<std::vector<reader_slot>> readers_of(const data_dir& disk);

/// Gives back the slots of processes that are gone: until then no page that they could have seen is
/// used again, and the files grow. Answers how many. Cheap (a lock per foreign process); any
/// thread. Faults: as disk_fault.
result<uint32_t> clear_dead_readers(const data_dir& disk);

/// A reader and how long it has been seen in the same transaction, in milliseconds from 0.
struct held_reader {
  reader_slot slot;
  uint64_t held_ms = 0;
  bool own = false; // of this process
  SLUICE_FIELDS(slot, held_ms, own)
  bool operator==(const held_reader&) const = default;
};

/// LMDB does not state when a transaction began, so whoever looks again and again counts from the
/// first time that it saw it. Pure: times are those that it is given.
class reader_ages {
public:
  /// What is read now, the longest first. `now_ms`: of any clock, not falling; `own_pid`: of this
  /// process.
  std::vector<held_reader>
  look(uint64_t now_ms, const std::vector<reader_slot>& seen, int64_t own_pid);

  /// Of these the foreign ones that are to be warned about now: held for `patience_ms` or more, and
  /// for twice as long as at the last warning.
  std::vector<held_reader> to_warn(const std::vector<held_reader>& all, uint64_t patience_ms);

private:
  struct known_reader {
    uint64_t since_ms = 0;
    uint64_t warned_ms = 0; // how long it was held at the last warning; 0: none yet
  };
  std::map<reader_slot, known_reader> known_;
};

/// What ending a reader takes. LMDB cannot take a slot away from a process that runs: it would go
/// on reading pages that are written anew. So the process is asked to end.
enum class reader_end : uint8_t {
  asked = 0, // SIGTERM, and SIGCONT when it was stopped
  forced,    // SIGKILL
};

/// Ends the process `pid`, which must hold a slot of this folder now; its slot is given back when
/// it is gone (clear_dead_readers). `forced`: it has been asked and did not go. Faults:
/// invalid_argument for this process itself; no_such_key when `pid` reads nothing here;
/// read_only when the system does not permit it; unreachable else.
result<nothing> end_reader(const data_dir& disk, int64_t pid, reader_end how);

} // namespace sluice::storage
