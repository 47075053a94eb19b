/// One process at a time: a lock that the system lets go of when its holder dies.
#pragma once

#include "storage/files.hpp"

namespace sluice::storage {

class lock_file {
public:
  /// Holds nothing.
  lock_file() = default;

  /// Takes the lock for writing and puts pid and host into the file for people to read. Faults:
  /// busy ("DIR: in use by process 1234; stop it or use another --data"), read_only, storage_full.
  static result<lock_file> take(const std::filesystem::path& folder, new_files& made);

  /// Keeps writers out while reading where LMDB's own lock file cannot be written; busy when one is
  /// inside. Without a LOCK file there is nobody to keep out.
  static result<lock_file> take_to_read(const std::filesystem::path& folder);

  bool held() const { return static_cast<bool>(file_); }

private:
  explicit lock_file(open_file f) : file_(std::move(f)) {}
  open_file file_;
};

inline constexpr std::string_view lock_name = "LOCK";

} // namespace sluice::storage
