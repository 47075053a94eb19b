/// The node's data folder: three environments, one owner, one version.
#pragma once

#include "storage/environment.hpp"
#include "storage/lock_file.hpp"
#include "storage/marker.hpp"
#include "storage/schema.hpp"
#include "storage/stamp.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

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
  /// Rights of files, whatever the umask is: 0600, or 0640 for a group that may read. Folders can
  /// be entered by whoever may read. A folder that stands further open is closed to that.
  uint32_t file_mode = 0600;
  std::string fresh_id = {}; // of a folder that is made (is_folder_id); "": of the system's chance
  /// Called now and then while a folder is migrated, with a sentence for people.
  std::function<void(const std::string&)> on_progress = {};
};

/// The marker of a folder, or, where it is gone and the stores are a node's, the same as their
/// stamps state it; none when there is neither. Changes nothing. Faults: as read_marker, and
/// corrupt_data for stores without a marker that are no set.
result<std::optional<marker>> find_marker(const std::filesystem::path& folder, uint32_t schema_max);

/// DIR/SLUICE marker, DIR/LOCK, DIR/node/, DIR/pool-events/, DIR/devchain/. Each store carries a
/// stamp (stamp.hpp) and each row a checksum (decisions 0035 and 0039).
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
  ///   corrupt_data     a damaged marker or LMDB file; a store that is missing, empty, cut, of
  ///                    another folder, in another's place, or older than the others know it.
  ///                    Then nothing was written
  ///   unreachable      read_only: nothing there; anything else the system reports
  static result<data_dir> open(const std::filesystem::path& path, const identity& who,
                               open_mode mode, const data_dir_options& options = {});

  data_dir(data_dir&&) noexcept = default;
  data_dir& operator=(data_dir&&) noexcept = delete;
  /// As close(), without its answer.
  ~data_dir();

  /// Tells every store how far the others are, so that the set is exact until the next start. A
  /// folder that was opened to read, or is not ours any more, is left alone. Faults: as commit.
  /// Nothing may be committed afterwards.
  result<nothing> close();

  /// All writes or none, durable, also when they touch several stores: then `node` takes the
  /// others' part into its journal with its own, and what a crash cuts off is done at the next
  /// open. After a fault in between the batch is pending: the next commit, or open, completes it
  /// first. Takes the folder's next number and writes it into the stamps of the stores. Faults:
  /// those of still_ours, before anything is written; invalid_argument (no such store or table, or
  /// a key whose length is not allowed), storage_full, read_only, unreachable and corrupt_data as
  /// the disk reports.
  result<nothing> commit(const batch& writes);
  /// Group commit: all batches share the transactions. Any number of batches, none too. Faults as
  /// above: all batches fail together.
  result<nothing> commit(std::span<const batch> batches);

  /// Is this still the folder that was opened, and ours alone? Some calls of stat(2); commit asks
  /// it each time. A marker that is gone is written again: then the answer is a sentence about
  /// that, else "". unreachable, and for good, when the folder, LOCK, a store or a store's lock
  /// file is gone or another is in its place, or the marker is another folder's.
  result<std::string> still_ours();

  /// To be called after a store's file was replaced by ourselves: still_ours compares with what is
  /// there now.
  void remember_files();

  /// What opening found and mended, and still_ours since, as sentences for the operator. From 0, in
  /// order.
  const std::vector<std::string>& notes() const { return notes_; }
  /// The folder's id (folder_id.hpp); "" of a folder of a schema before 5.
  const std::string& id() const { return id_; }
  /// The stamps of all stores, as they are on the disk now. Faults: as table::get.
  result<std::vector<store_stamp>> stamps() const;
  /// Number of the last commit over all stores by this process, or found when it was opened.
  uint64_t last_commit() const { return last_; }

  /// Writes a consistent copy, a data folder like this one, to a place where nothing is yet. Nobody
  /// may commit meanwhile; others may read. Faults: refused (something is there), or what the disk
  /// reports; what was begun is taken away then.
  result<nothing> copy_to(const std::filesystem::path& to) const;

  /// environment::compact of one store, by whoever commits; nothing is committed meanwhile. Faults:
  /// those, and of still_ours; no_such_key for a store that there is not.
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
  result<nothing> open_there(const marker& found, const schema& layout,
                             const data_dir_options& options, bool read_only, new_files& made);
  result<nothing>
  make_missing(const schema& layout, const data_dir_options& options, new_files& made);
  environment_options
  options_of(std::string_view store, const schema& layout, const data_dir_options& options) const;
  result<nothing> check_stamps(const marker& found);
  result<nothing> demand_no_stamps();
  result<nothing> put_stamps();
  fault with_advice(const fault& why) const;
  result<nothing> roll_forward();
  result<nothing> check_schema(const schema& layout);
  result<nothing> migrate(const schema& layout, const data_dir_options& options);
  result<nothing> seal(const data_dir_options& options);
  result<nothing> back_up() const;
  result<nothing> copy_checked(const std::filesystem::path& to, bool verify) const;
  result<nothing> commit_all(std::vector<const write*> writes);
  result<nothing> commit_numbered(environment& store, std::vector<const write*> writes);
  store_stamp stamp_of(std::string_view store, uint64_t number) const;
  marker own_marker() const { return {schema_, who_, id_, stores_state::ready}; }
  result<nothing> write_own_marker(stores_state stores);
  void note_commits() const;
  fault lost(fault why);

  std::filesystem::path path_;
  identity who_;
  uint32_t schema_ = 0;
  std::string id_;
  uint32_t file_mode_ = 0600;
  lock_file lock_;                  // let go of after the stores are closed
  lock_file lock_to_read_;          // instead of a place in LMDB's lock file
  std::vector<environment> stores_; // node, pool_events, devchain
  std::vector<std::string> notes_;
  std::map<std::string, uint64_t, std::less<>> commits_;               // last number of each store
  std::vector<std::pair<std::filesystem::path, file_mark>> own_files_; // as opened
  file_mark marker_mark_;
  uint64_t last_ = 0;         // of the last commit over all stores
  uint64_t journal_no_ = 0;   // of the last batch that touched several stores
  bool pending_ = false;      // it may be only half written
  bool settled_ = true;       // the stores know how far each other are
  std::optional<fault> lost_; // the folder is not ours any more
};

} // namespace sluice::storage
