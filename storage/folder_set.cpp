#include "storage/folder_set.hpp"

#include "rules/api/key.hpp"
#include "storage/data_dir.hpp"
#include "storage/disk_fault.hpp"
#include "storage/row_checksum.hpp"
#include "storage/tables.hpp"

#include <algorithm>
#include <cerrno>
#include <poll.h>

namespace sluice::storage {

namespace fs = std::filesystem;

namespace {

constexpr int moments_tried = 5000;
constexpr int moments_tried_at_once = 20;
constexpr int moments_for_whole_commits = 300;
constexpr int between_moments_ms = 1;
constexpr size_t foreign_names_max = 1000;
constexpr std::string_view stamp_table = "stamp";

result<nothing> demand_folder(const fs::path& folder) {
  std::error_code failed;
  const auto there = fs::status(folder, failed);
  if (there.type() == fs::file_type::not_found)
    return fault{ec::unreachable, folder.string() + ": there is no such folder"};
  if (failed)
    return disk_fault(failed.value(), folder, "look there");
  if (!fs::is_directory(there))
    return fault{ec::bad_input, folder.string() + ": not a folder"};
  return nothing{};
}

/// Is LMDB's lock file, or the folder where it is missing, closed to our writing?
bool slot_refused(const fs::path& store) {
  const int rc = write_refusal(store / "lock.mdb");
  return (rc == ENOENT ? write_refusal(store) : rc) != 0;
}

/// The row of a table that has one, as its type; none when table or row are missing.
template <class Value>
result<std::optional<Value>>
row_of(store_rows& store, const table<std::string, Value>& of, const std::string& key) {
  const auto encoded = encode_key(key);
  const auto stored = store.get(of.name, encoded);
  if (!stored)
    return stored.error();
  if (!*stored)
    return std::optional<Value>{};
  const auto plain = plain_value(has_row_checksums(store), of.name, encoded, **stored);
  auto value = plain ? decode<Value>(*plain) : result<Value>{plain.error()};
  if (!value)
    return fault{ec::corrupt_data, store.path().string() + ": table " + std::string{of.name}
                                     + ", row " + to_hex(encoded) + ": " + value.error().what};
  return std::optional<Value>{*std::move(value)};
}

/// What a node and its operator's commands make in a data folder.
bool is_own_name(const std::string& name) {
  if (name.starts_with("backup-schema-"))
    return true;
  const auto is = [&](std::string_view x) { return name == x; };
  return is(marker_name) || is(lock_name) || is(manifest_name) || is("shell.sock")
         || is(api_keys_file_name) || is(api_keys_lock_name) || is("snapshots") || is("backups")
         || is("lost+found")
         || std::any_of(store_places.begin(), store_places.end(), [&](const auto& x) {
              return name == x.folder
                     || name == std::string{x.folder} + ".compact"; // in the making
            });
}

result<nothing> add_foreign(const fs::path& folder, const std::string& before, bool is_store,
                            std::vector<std::string>& found) {
  std::error_code failed;
  for (fs::directory_iterator i{folder, failed}, end; !failed && i != end; i.increment(failed)) {
    const auto name = i->path().filename().string();
    const bool own = is_store ? name == "data.mdb" || name == "lock.mdb" : is_own_name(name);
    if (!own && found.size() < foreign_names_max)
      found.push_back(before + name);
  }
  if (failed)
    return disk_fault(failed.value(), folder, "read the folder");
  return nothing{};
}

} // namespace

result<reading_terms> how_to_read(const fs::path& folder) {
  reading_terms terms;
  std::error_code unknown;
  terms.backup = fs::exists(folder / manifest_name, unknown);
  terms.no_lock = terms.backup
                  || std::any_of(store_places.begin(), store_places.end(),
                                 [&](const auto& x) { return slot_refused(folder / x.folder); });
  if (!terms.no_lock || terms.backup)
    return terms;
  auto lock = lock_file::take_to_read(folder);
  if (!lock)
    return lock.error();
  terms.kept_out = *std::move(lock);
  return terms;
}

result<folder_set> folder_set::open(const fs::path& folder, uint32_t schema_max) {
  folder_set set{folder};
  if (auto there = demand_folder(folder); !there)
    return there.error();
  const auto mark = find_marker(folder, schema_max);
  if (!mark)
    return mark.error();
  if (!*mark)
    return fault{ec::bad_input, folder.string() + ": not a Sluice data folder"};
  set.mark_ = **mark;
  if (set.mark_.stores != stores_state::ready)
    return fault{ec::bad_input, folder.string()
                                  + ": is being made or migrated, or that was cut "
                                    "off; the next start of the node completes it"};
  if (set.mark_.schema > schema_max)
    return fault{ec::schema_mismatch,
                 folder.string() + ": written by a newer sluice (" + set.mark_.who.version
                   + ", schema " + std::to_string(set.mark_.schema) + "; this one knows schema "
                   + std::to_string(schema_max) + "); use that version"};
  auto terms = how_to_read(folder);
  if (!terms)
    return terms.error();
  set.terms_ = *std::move(terms);
  if (auto opened = set.open_stores(); !opened)
    return opened.error();
  return set;
}

result<nothing> folder_set::open_stores() {
  stores_.clear();
  files_.clear();
  for (const auto& x : store_places) {
    const auto at = path_ / x.folder;
    const auto named = mark_of(at / "data.mdb");
    auto rows = store_rows::open(at, std::string{x.store}, terms_.no_lock);
    if (!rows)
      return rows.error();
    stores_.push_back(*std::move(rows));
    files_.push_back(named);
  }
  return nothing{};
}

/// False: somebody wrote between the first and the last transaction's beginning, or has replaced a
/// file by a compacted one.
result<bool> folder_set::begin_once() {
  for (auto& x : stores_)
    if (auto begun = x.begin(); !begun)
      return begun.error();
  for (size_t i = 0; i < stores_.size(); ++i)
    if (mark_of(stores_[i].path() / "data.mdb") != files_[i]) {
      if (auto opened = open_stores(); !opened)
        return opened.error();
      return false;
    }
  return std::all_of(stores_.begin(), stores_.end(),
                     [](const auto& x) { return x.newest() == x.moment(); });
}

/// False: the journal has an entry that a store has not taken over yet.
result<bool> folder_set::settled() {
  const auto entry = row_of(stores_[0], tables::journal, tables::journal_key);
  if (!entry)
    return entry.error();
  if (!*entry)
    return true;
  for (auto& x : stores_) {
    const bool takes_part = std::any_of((*entry)->writes.begin(), (*entry)->writes.end(),
                                        [&](const auto& w) { return w.store == x.store(); });
    if (!takes_part || x.store() == node_store)
      continue;
    const auto applied = row_of(x, tables::applied_in(x.store()), tables::applied_key);
    if (!applied)
      return applied.error();
    if (applied->value_or(0) < (*entry)->number)
      return false;
  }
  return true;
}

result<nothing> folder_set::begin() {
  bool followed = false;
  for (int i = 0; i < moments_tried; ++i) {
    if (i >= moments_tried_at_once)
      ::poll(nullptr, 0, between_moments_ms); // a commit lasts some milliseconds
    const auto together = begin_once();
    if (!together)
      return together.error();
    if (!*together)
      continue;
    for (auto& x : stores_)
      if (auto sound = followed ? result<nothing>{nothing{}} : x.check_pages(); !sound)
        return sound; // before LMDB follows them: what it believes may end the process
    followed = true;
    for (auto& x : stores_)
      if (auto named = x.name_tables(); !named)
        return named;
    const auto whole = settled();
    if (!whole)
      return whole.error();
    // Without a writer the journal stays as it is: the next open completes it, here as in a copy.
    if (*whole || i >= moments_for_whole_commits)
      return nothing{};
  }
  return fault{ec::busy, path_.string()
                           + ": cannot be read at one moment: its stores are written "
                             "to all the time; try again"};
}

result<std::vector<store_stamp>> folder_set::stamps() {
  std::vector<store_stamp> all;
  std::vector<std::string> places;
  for (auto& x : stores_) {
    auto stamp = stamp_of_store(x);
    if (!stamp)
      return stamp.error();
    if (!*stamp && mark_.schema >= stamped_since)
      return fault{ec::corrupt_data, x.path().string() + ": store " + x.store()
                                       + " has no stamp: it is not of this folder; "
                                       + advice_to_restore(path_.string())};
    if (*stamp)
      all.push_back(**std::move(stamp));
    places.push_back(x.store());
  }
  if (all.size() < stores_.size())
    return std::vector<store_stamp>{};
  if (auto fits = check_set(all, places, mark_.folder, path_.string()); !fits)
    return fits.error();
  return all;
}

bool has_row_checksums(const store_rows& store) {
  return std::any_of(store.tables().begin(), store.tables().end(),
                     [](const auto& x) { return x.name == stamp_table && x.rows > 0; });
}

result<std::optional<store_stamp>> stamp_of_store(store_rows& store) {
  return row_of(store, tables::stamp_in(store.store()), tables::stamp_key);
}

result<std::string_view> plain_value(bool with_checksums, std::string_view table,
                                     std::string_view key, std::string_view stored) {
  if (!with_checksums)
    return stored;
  const auto plain = without_checksum(table_seed_of(table), key, stored);
  if (plain.data() == nullptr)
    return fault{ec::corrupt_data, "the value has another checksum than was written with it"};
  return plain;
}

result<std::vector<std::string>> foreign_names(const fs::path& folder) {
  std::vector<std::string> found;
  if (auto added = add_foreign(folder, "", false, found); !added)
    return added.error();
  for (const auto& x : store_places) {
    std::error_code unknown;
    if (!fs::is_directory(folder / x.folder, unknown))
      continue;
    if (auto added = add_foreign(folder / x.folder, std::string{x.folder} + '/', true, found);
        !added)
      return added.error();
  }
  std::sort(found.begin(), found.end());
  return found;
}

} // namespace sluice::storage
