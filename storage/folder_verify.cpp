#include "storage/folder_verify.hpp"

#include "storage/backup_digest.hpp"
#include "storage/key.hpp"
#include "storage/sizes.hpp"
#include "storage/tables.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace sluice::storage {

namespace fs = std::filesystem;

namespace {

constexpr size_t damage_notes_max = 100;

bool is_damage(const fault& x) {
  return x.code == ec::corrupt_data || x.code == ec::no_such_key || x.code == ec::invalid_argument;
}

/// Of a fault that names the store's path itself.
damage_note note_of(std::string_view store, const fault& why) {
  return {std::string{store}, {}, {}, why.what};
}

void add_damage(store_verdict& x, damage_note note) {
  ++x.damaged;
  if (x.damage.size() < damage_notes_max)
    x.damage.push_back(std::move(note));
}

result<store_figures> figures_of(store_rows& store, const store_place& place) {
  store_figures x{store.store(),      std::string{place.folder}, 0, 0, 0,
                  store.used_bytes(), store.readers(),           {}};
  const auto bytes = store.file_bytes();
  if (!bytes)
    return bytes.error();
  x.file_bytes = *bytes;
  const auto stamp = stamp_of_store(store);
  if (!stamp)
    return stamp.error();
  x.commit = *stamp ? (*stamp)->commit : 0;
  for (const auto& table : store.tables()) {
    x.rows += table.rows;
    x.tables.push_back({table.name, table.rows, table.bytes});
  }
  return x;
}

/// What the manifest states of the set, beside what the stores do.
void compare_with_manifest(const fs::path& folder, set_verdict& x) {
  const auto manifest = read_manifest(folder);
  if (!manifest) {
    x.damage.push_back(note_of("", manifest.error()));
    return;
  }
  x.taken_s = manifest->taken_s;
  const auto wrong = [&](const std::string& what) {
    x.damage.push_back({"", "", "", (folder / manifest_name).string() + ": " + what});
  };
  if (x.opened
      && (manifest->mark.folder != x.mark.folder || manifest->mark.who != x.mark.who
          || manifest->mark.schema != x.mark.schema))
    wrong("is of another folder than the marker beside it");
  if (x.opened && manifest->commit != x.commit)
    wrong("states commit " + std::to_string(manifest->commit) + ", the stores "
          + std::to_string(x.commit));
  for (const auto& file : manifest->files) {
    const auto seen = look_at_bytes(folder / file.name, file.name);
    if (!seen)
      x.damage.push_back(note_of("", seen.error()));
    else if (*seen != file)
      x.damage.push_back(
        {"", "", "", (folder / file.name).string() + ": is not what was backed up"});
  }
}

/// How the rows of each table are read as their type, by the name of the table.
std::map<std::string_view, row_check> checks_of(const schema& layout, std::string_view store) {
  std::map<std::string_view, row_check> all;
  const auto add = [&](const table_name& x) {
    if (x.store == store)
      all.emplace(x.name, x.check);
  };
  for (const auto& x : layout.tables)
    add(x);
  for (const auto& x : names_of(tables::meta, tables::journal, tables::stamp_in(store)))
    add(x);
  if (store != node_store)
    for (const auto& x : names_of(tables::applied_in(store)))
      add(x);
  return all;
}

/// Every row of a store that has begun: its checksum, and its type where there is a check for it.
class row_reader {
public:
  row_reader(store_rows& rows, const std::map<std::string_view, row_check>* types,
             work_progress& progress, store_verdict& verdict)
    : rows_(rows), types_(types), progress_(progress), verdict_(verdict),
      checksums_(has_row_checksums(rows)) {}

  result<nothing> read_all() {
    for (const auto& table : rows_.tables())
      digest_.push_back({table.name, 0, 0});
    at_ = digest_.begin();
    return rows_.walk([this](std::string_view table, std::string_view key, std::string_view value) {
      read(table, key, value);
      return result<nothing>{nothing{}};
    });
  }
  const store_digest& digest() const { return digest_; }

private:
  void read(std::string_view table, std::string_view key, std::string_view value) {
    progress_.at(rows_.store(), table, key);
    progress_.add_row();
    ++verdict_.rows;
    while (at_->name != table)
      ++at_;
    add_to_digest(*at_, key, value);
    const auto plain = plain_value(checksums_, table, key, value);
    if (!plain) {
      add_damage(verdict_, {rows_.store(), std::string{table}, to_hex(key), plain.error().what});
      return;
    }
    const auto check = types_ ? types_->find(table) : decltype(types_->end()){};
    if (!types_ || check == types_->end() || !check->second)
      return;
    ++verdict_.decoded;
    if (const auto sound = check->second(key, *plain); !sound)
      add_damage(verdict_, {rows_.store(), std::string{table}, to_hex(key), sound.error().what});
  }

  store_rows& rows_;
  const std::map<std::string_view, row_check>* types_;
  work_progress& progress_;
  store_verdict& verdict_;
  bool checksums_;
  store_digest digest_;
  store_digest::iterator at_;
};

/// Is the file of a backup byte for byte what was written?
result<nothing>
compare_bytes(const fs::path& folder, const manifest_store& stated, store_verdict& x) {
  const auto seen = look_at_bytes(folder / stated.file.name, stated.file.name);
  if (!seen)
    return seen.error();
  if (seen->bytes != stated.file.bytes)
    add_damage(x, {x.store, "", "",
                   (folder / stated.file.name).string() + ": has " + std::to_string(seen->bytes)
                     + " bytes, " + std::to_string(stated.file.bytes) + " were backed up"});
  else if (seen->sha256 != stated.file.sha256)
    add_damage(x, {x.store, "", "",
                   (folder / stated.file.name).string()
                     + ": its bytes have another SHA-256 than those that were backed up"});
  return nothing{};
}

const manifest_store*
stated_of(const std::optional<backup_manifest>& manifest, std::string_view store) {
  if (!manifest)
    return nullptr;
  const auto at = std::find_if(manifest->stores.begin(), manifest->stores.end(),
                               [&](const auto& x) { return x.store == store; });
  return at == manifest->stores.end() ? nullptr : &*at;
}

/// What of it is not as it states; a fault that is no damage ends it.
result<nothing>
read_store(store_rows& rows, const schema& layout, bool typed, const manifest_store* stated,
           work_progress& progress, store_verdict& x) {
  if (auto begun = rows.begin(); !begun)
    return begun;
  if (auto sound = rows.check_pages(); !sound)
    return sound;
  if (auto named = rows.name_tables(); !named)
    return named;
  if (auto sound = rows.check_free_pages(); !sound)
    return sound;
  const auto types = checks_of(layout, x.store);
  uint64_t total = 0;
  for (const auto& table : rows.tables()) {
    total += table.rows;
    if (typed && !types.contains(table.name))
      x.notes.push_back("store " + x.store + ": table " + table.name
                        + " is none of this program's; its rows were read, not what is in them");
  }
  progress.done(0, total);
  row_reader reader{rows, typed ? &types : nullptr, progress, x};
  if (auto read = reader.read_all(); !read)
    return read;
  const auto stamp = stamp_of_store(rows);
  if (!stamp)
    return stamp.error();
  x.commit = *stamp ? (*stamp)->commit : 0;
  const auto difference = stated ? difference_of_digests(stated->tables, reader.digest()) : "";
  if (!difference.empty())
    add_damage(x, {x.store, "", "", "is not what was backed up: " + difference});
  return nothing{};
}

} // namespace

result<set_figures> look_at_folder(const fs::path& folder, uint32_t schema_max) {
  auto set = folder_set::open(folder, schema_max);
  if (!set)
    return set.error();
  if (auto begun = set->begin(); !begun)
    return begun.error();
  const auto stamps = set->stamps();
  if (!stamps)
    return stamps.error();
  set_figures x;
  x.mark = set->mark();
  x.backup = set->is_backup();
  x.commit = last_commit_of(*stamps);
  if (const auto manifest = read_manifest(folder); x.backup && manifest)
    x.taken_s = manifest->taken_s;
  for (size_t i = 0; i < set->stores().size(); ++i) {
    auto one = figures_of(set->stores()[i], store_places[i]);
    if (!one)
      return one.error();
    x.stores.push_back(*std::move(one));
  }
  const auto left = free_bytes(folder);
  if (!left)
    return left.error();
  x.free_bytes = *left;
  return x;
}

result<set_verdict> verify_set(const fs::path& folder, uint32_t schema_max) {
  set_verdict x;
  auto set = folder_set::open(folder, schema_max);
  if (!set && !is_damage(set.error()))
    return set.error();
  if (!set) {
    x.damage.push_back(note_of("", set.error()));
  } else {
    x.mark = set->mark();
    if (auto begun = set->begin(); begun) {
      x.opened = true;
      const auto stamps = set->stamps();
      if (stamps)
        x.commit = last_commit_of(*stamps);
      else
        x.damage.push_back(note_of("", stamps.error()));
    } else if (is_damage(begun.error())) {
      x.damage.push_back(note_of("", begun.error()));
    } else {
      return begun.error();
    }
  }
  std::error_code unknown;
  x.backup = fs::exists(folder / manifest_name, unknown);
  if (x.backup)
    compare_with_manifest(folder, x);
  else if (!fs::exists(folder / marker_name, unknown) && x.opened)
    x.notes.push_back(folder.string() + ": the marker " + std::string{marker_name}
                      + " is missing; a node that starts makes it again from the stores");
  auto foreign = foreign_names(folder);
  if (!foreign)
    return foreign.error();
  x.foreign = *std::move(foreign);
  return x;
}

result<store_verdict>
verify_store(const fs::path& folder, size_t number, const schema& layout, bool typed,
             const std::optional<backup_manifest>& manifest, work_progress& progress) {
  const auto& place = store_places[number];
  store_verdict x;
  x.store = place.store;
  x.folder = place.folder;
  progress.at(place.store, "", "");
  const auto* stated = stated_of(manifest, place.store);
  if (manifest && !stated)
    add_damage(x, {x.store, "", "", "the manifest does not state it"});
  if (stated)
    if (auto compared = compare_bytes(folder, *stated, x); !compared)
      add_damage(x, note_of(x.store, compared.error()));
  const auto terms = how_to_read(folder);
  if (!terms)
    return terms.error();
  auto rows = store_rows::open(folder / place.folder, x.store, terms->no_lock);
  const auto read
    = rows ? read_store(*rows, layout, typed, stated, progress, x) : result<nothing>{rows.error()};
  if (!read && !is_damage(read.error()))
    return read.error();
  if (!read)
    add_damage(x, note_of(x.store, read.error()));
  if (rows)
    if (const auto bytes = rows->file_bytes(); bytes)
      x.file_bytes = *bytes;
  return x;
}

} // namespace sluice::storage
