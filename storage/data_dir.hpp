/// The node's data folder: three environments, one owner, one version.
#pragma once

#include "storage/environment.hpp"
#include "storage/lock_file.hpp"
#include "storage/marker.hpp"
#include "storage/schema.hpp"

namespace sluice::storage {

enum class open_mode : uint8_t {
  create_or_continue, // the node: one process at a time
  read_only,          // audits, beside a running node or on a read-only disk; changes nothing
};

/// `map_bytes`: bytes of address space, 1 MiB at least (less is taken as that); each map doubles
/// when it is full, up to environment_options::map_bytes_max. storage_full when a map is full at
/// that size.
struct data_dir_options {
  /// Continue under another configuration and note its digest, instead of refusing.
  bool adopt_config = false;
  uint64_t map_bytes = environment_options{}.map_bytes; // of each environment
  const schema* layout = nullptr; // null: the node's own tables alone (schema_with)
};

/// DIR/SLUICE marker, DIR/LOCK, DIR/node/, DIR/pool-events/, DIR/devchain/.
class data_dir {
public:
  /// Opens a folder, or creates it (with missing parents) where nothing or an empty folder is. What
  /// a failed creation has made is removed again. Continuing demands the same seed and, unless
  /// adopted, the same configuration; read_only looks at neither. Faults, each one sentence:
  ///   bad_input        not a folder; a folder of somebody else's files
  ///   busy             another process has it, with its pid
  ///   schema_mismatch  written by a newer version; older with no way forward or opened read-only
  ///   refused          other seed or configuration
  ///   read_only        folder, parent or disk cannot be written
  ///   storage_full     no space to create or migrate
  ///   corrupt_data     a damaged marker or LMDB file
  ///   unreachable      read_only: nothing there; anything else the system reports
  static result<data_dir> open(const std::filesystem::path& path, const identity& who,
                               open_mode mode, const data_dir_options& options = {});

  data_dir(data_dir&&) noexcept = default;
  data_dir& operator=(data_dir&&) noexcept = delete;

  /// All writes or none, durable, also when they touch several stores: then `node` takes the
  /// others' part into its journal with its own, and what a crash cuts off is done at the next
  /// open. After a fault in between the batch is pending: the next commit, or open, completes it
  /// first. Faults: invalid_argument (no such store or table, or a key whose length is not
  /// allowed), storage_full, read_only, unreachable and corrupt_data as the disk reports.
  result<nothing> commit(const batch& writes);
  /// Group commit: all batches share the transactions. Any number of batches, none too. Faults as
  /// above: all batches fail together.
  result<nothing> commit(std::span<const batch> batches);

  /// Writes a consistent copy, a data folder like this one, to a place where nothing is yet. Nobody
  /// may commit meanwhile; others may read. Faults: refused (something is there), or what the disk
  /// reports; what was begun is taken away then.
  result<nothing> copy_to(const std::filesystem::path& to) const;

  /// environment::compact of one store, by whoever commits; nothing is committed meanwhile. Faults:
  /// those; no_such_key for a store that there is not.
  result<compaction> compact(std::string_view store);

  const environment& node() const { return stores_[0]; }
  const environment& pool_events() const { return stores_[1]; }
  const environment& devchain() const { return stores_[2]; }
  /// Null for a name that is none of the three.
  const environment* find_store(std::string_view name) const;

  const std::filesystem::path& path() const { return path_; }
  const identity& who() const { return who_; }

private:
  data_dir(std::filesystem::path path, identity who, uint32_t schema_version)
    : path_(std::move(path)), who_(std::move(who)), schema_(schema_version) {}

  static result<data_dir> open_to_read(const std::filesystem::path& path,
                                       const data_dir_options& options, const schema& layout);
  static result<data_dir> open_to_write(const std::filesystem::path& path, const identity& who,
                                        const data_dir_options& options, const schema& layout);
  result<nothing> take_over(const data_dir_options& options, const schema& layout, new_files& made);
  result<nothing> open_stores(const schema& layout, const data_dir_options& options, bool read_only,
                              new_files& made);
  result<nothing> roll_forward();
  result<nothing> check_schema(const schema& layout);
  result<nothing> migrate(const schema& layout);
  result<nothing> back_up() const;
  result<nothing> commit_all(std::vector<const write*> writes);

  std::filesystem::path path_;
  identity who_;
  uint32_t schema_ = 0;
  lock_file lock_;                  // let go of after the stores are closed
  std::vector<environment> stores_; // node, pool_events, devchain
  uint64_t journal_no_ = 0;         // of the last batch that touched several stores
  bool pending_ = false;            // it may be only half written
};

} // namespace sluice::storage
