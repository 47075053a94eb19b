/// One process at a time: a lock that the system lets go of when its holder dies.
#pragma once

#include "storage/files.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace sluice::storage {

/// How far the stores of a folder were when its holder last noted it (stamp.hpp). Written without
/// waiting for the disk, after what it counts: it may lag behind and is never ahead.
struct noted_commits {
  std::string folder;                     // the folder's id
  std::map<std::string, uint64_t> stores; // last commit of each
  bool operator==(const noted_commits&) const = default;
};

/// Two locks in one: flock(2) on FOLDER/LOCK, and on the folder itself, so that whoever takes LOCK
/// away does not let a second process in.
class lock_file {
public:
  /// Holds nothing.
  lock_file() = default;

  /// Takes the lock for writing and puts pid and host into the file for people to read. A symbolic
  /// link is not followed. `mode`: rights of a LOCK that is made. Faults: busy ("DIR: in use by
  /// process 1234; stop it or use another --data"), bad_input (a link), read_only, storage_full.
  static result<lock_file>
  take(const std::filesystem::path& folder, new_files& made, uint32_t mode = 0600);

  /// Keeps writers out while reading where LMDB's own lock file cannot be written; busy when one is
  /// inside. Without a LOCK file only the folder's own lock counts.
  static result<lock_file> take_to_read(const std::filesystem::path& folder);

  bool held() const { return static_cast<bool>(file_); }

  /// Does the lock still keep others out of the folder of this name? unreachable when folder or
  /// LOCK are gone or others are in their place, with a sentence; three calls of stat(2).
  result<nothing> still_held(const std::filesystem::path& folder) const;

  /// Notes how far the stores are. Nothing is reported: what a disk refuses here costs a check.
  void note(const noted_commits& x) const;
  /// What the last holder noted; none when LOCK states nothing that can be trusted.
  const std::optional<noted_commits>& noted_before() const { return noted_before_; }

private:
  lock_file(open_file file, open_file folder)
    : file_(std::move(file)), folder_(std::move(folder)) {}
  void write(const std::string& text) const;

  open_file file_;
  open_file folder_;
  std::optional<noted_commits> noted_before_;
};

inline constexpr std::string_view lock_name = "LOCK";

} // namespace sluice::storage
