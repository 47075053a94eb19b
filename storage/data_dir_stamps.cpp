// Whose stores these are, how far they are, and whether the folder is still ours.
#include "storage/data_dir.hpp"
#include "storage/data_dir_place.hpp"
#include "storage/key.hpp"
#include "storage/meta_page.hpp"
#include "storage/tables.hpp"

#include <algorithm>
#include <optional>

namespace sluice::storage {

namespace fs = std::filesystem;

namespace {

/// The stamp of a store, which then carries checksums; none when it has none.
result<std::optional<store_stamp>> take_stamp(environment& store) {
  const auto table = tables::stamp_in(store.store());
  store.carry_checksums(false);
  const auto raw = store.get(table.name, encode_key(tables::stamp_key));
  if (!raw && raw.error().code == ec::no_such_key)
    return std::optional<store_stamp>{};
  if (!raw)
    return raw.error();
  store.carry_checksums(true);
  auto stamp = table.get(store, tables::stamp_key);
  if (!stamp)
    return stamp.error();
  return std::optional{*std::move(stamp)};
}

/// Opened to read the stamp alone.
result<environment> open_for_stamp(const fs::path& path, const store_place& place) {
  environment_options o;
  o.store = place.store;
  o.tables = {std::string{tables::stamp_in(place.store).name}, std::string{tables::meta.name}};
  o.read_only = true;
  o.check_pages = false;
  o.no_lock = write_refusal(path / place.folder / "lock.mdb") != 0;
  return environment::open(path / place.folder, std::move(o));
}

/// Of stores without a marker. None: they do not state whose they are.
result<std::optional<marker>> marker_of_stores(const fs::path& path) {
  std::vector<store_stamp> stamps;
  std::vector<std::string> places;
  std::string missing;
  uint32_t schema_there = stamped_since;
  for (const auto& place : store_places) {
    const auto look = look_at_file(path / place.folder);
    if (!look || look->state != file_state::whole) {
      missing = place.store;
      continue;
    }
    auto store = open_for_stamp(path, place);
    if (!store)
      return store.error();
    auto stamp = take_stamp(*store);
    if (!stamp)
      return stamp.error();
    if (!*stamp)
      continue;
    places.emplace_back(place.store);
    stamps.push_back(**std::move(stamp));
    if (place.store != node_store)
      continue;
    const auto row = tables::meta.find(*store, tables::schema_key);
    if (!row)
      return row.error();
    schema_there = row->value_or(stamped_since);
  }
  if (stamps.empty())
    return std::optional<marker>{};
  if (stamps.size() < store_places.size())
    return fault{ec::corrupt_data,
                 path.string()
                   + ": there is no marker SLUICE, and of the stores that it could be "
                     "made from "
                   + (missing.empty() ? "one is of an older version" : missing + " is missing")
                   + advice_to_restore(path.string())};
  if (auto good = check_identity(stamps, places, "", path.string()); !good)
    return good.error();
  return std::optional{marker{schema_there, stamps[0].who, stamps[0].folder, stores_state::ready}};
}

} // namespace

result<std::optional<marker>> find_marker(const fs::path& folder, uint32_t schema_max) {
  auto found = read_marker(folder, schema_max);
  if (!found || *found || schema_max < stamped_since)
    return found;
  return marker_of_stores(folder);
}

/// A folder that a program of an older schema would open has no stamps to be checked.
result<nothing> data_dir::check_stamps(const marker& found) {
  id_ = found.folder;
  if (found.schema < stamped_since && found.stores == stores_state::ready)
    return demand_no_stamps();
  std::vector<store_stamp> stamps;
  std::vector<std::string> places;
  for (auto& store : stores_) {
    auto stamp = take_stamp(store);
    if (!stamp)
      return with_advice(stamp.error());
    if (*stamp) {
      places.push_back(store.store());
      stamps.push_back(**std::move(stamp));
      continue;
    }
    const bool just_made = found.stores == stores_state::making && store.last_commit() <= 1;
    if (!just_made && found.stores != stores_state::sealing)
      return with_advice({ec::corrupt_data,
                          path_.string() + ": the store " + store.store()
                            + " carries no stamp: it is of another folder, of an older version, or "
                              "not Sluice's"});
    store.carry_checksums(just_made);
  }
  if (auto same = check_identity(stamps, places, id_, path_.string()); !same)
    return same;
  const auto& noted = lock_.noted_before();
  const bool is_noted = noted && noted->folder == id_;
  const auto known
    = known_to_others(stamps, is_noted ? noted->stores : std::map<std::string, uint64_t>{});
  for (auto& one : stamps) { // again: where somebody writes, the later ones knew more
    const auto now = tables::stamp_in(one.store).get(*this, tables::stamp_key);
    if (!now)
      return now.error();
    one = *now;
  }
  if (auto good = check_age(stamps, known, path_.string()); !good)
    return good;
  for (const auto& one : stamps)
    commits_[one.store] = one.commit;
  last_ = last_commit_of(stamps);
  return nothing{};
}

/// Stores of a later folder under a marker of an earlier one.
result<nothing> data_dir::demand_no_stamps() {
  for (auto& store : stores_) {
    if (std::ranges::find(store.tables(), tables::stamp_in(store.store()).name)
        == store.tables().end())
      continue;
    auto stamp = take_stamp(store);
    store.carry_checksums(false);
    if (!stamp || *stamp)
      return with_advice({ec::corrupt_data, path_.string() + ": the store " + store.store()
                                              + " is of a newer data folder than the marker "
                                                "SLUICE states"});
  }
  return nothing{};
}

fault data_dir::with_advice(const fault& why) const {
  if (why.code != ec::corrupt_data)
    return why;
  return {why.code, why.what + advice_to_restore(path_.string())};
}

store_stamp data_dir::stamp_of(std::string_view store, uint64_t number) const {
  store_stamp x{id_, std::string{store}, row_format, who_, number, {}};
  for (const auto& other : stores_)
    if (other.store() != store) {
      const auto at = commits_.find(other.store());
      x.known[other.store()] = at == commits_.end() ? 0 : at->second;
    }
  return x;
}

result<std::vector<store_stamp>> data_dir::stamps() const {
  std::vector<store_stamp> all;
  for (const auto& store : stores_) {
    auto one = tables::stamp_in(store.store()).get(*this, tables::stamp_key);
    if (!one)
      return one.error();
    all.push_back(*std::move(one));
  }
  return all;
}

/// Tells every store whose it is and how far the others are, where it does not know yet.
result<nothing> data_dir::put_stamps() {
  for (auto& store : stores_) {
    if (id_.empty() || !store.has_checksums())
      continue;
    const auto table = tables::stamp_in(store.store());
    const auto at = commits_.find(store.store());
    const auto wanted = stamp_of(store.store(), at == commits_.end() ? 0 : at->second);
    const auto there = table.find(*this, tables::stamp_key);
    if (!there)
      return there.error();
    if (*there && **there == wanted)
      continue;
    batch writes;
    table.put(writes, tables::stamp_key, wanted);
    if (!*there && store.store() == node_store)
      tables::meta.put(writes, tables::schema_key, schema_);
    if (auto kept = store.commit(writes); !kept)
      return kept;
  }
  settled_ = true;
  return nothing{};
}

void data_dir::note_commits() const {
  if (id_.empty())
    return;
  noted_commits x{id_, {}};
  for (const auto& [store, number] : commits_)
    x.stores[store] = number;
  lock_.note(x);
}

data_dir::~data_dir() {
  [[maybe_unused]] const auto closed = close();
}

result<nothing> data_dir::close() {
  if (!lock_.held() || lost_ || pending_ || settled_)
    return nothing{};
  if (auto ours = still_ours(); !ours)
    return ours.error();
  return put_stamps();
}

void data_dir::remember_files() {
  own_files_.clear();
  for (const auto& store : stores_)
    for (const auto* name : {"data.mdb", "lock.mdb"}) {
      auto path = store.path() / name;
      const auto mark = mark_of(path);
      own_files_.emplace_back(std::move(path), mark);
    }
  marker_mark_ = mark_of(path_ / marker_name);
}

result<nothing> data_dir::write_own_marker(stores_state stores) {
  if (auto written = write_marker(path_, {schema_, who_, id_, stores}, file_mode_); !written)
    return written;
  marker_mark_ = mark_of(path_ / marker_name);
  return nothing{};
}

fault data_dir::lost(fault why) {
  lost_ = std::move(why);
  return *lost_;
}

result<std::string> data_dir::still_ours() {
  if (lost_)
    return *lost_;
  if (!lock_.held() || own_files_.empty())
    return std::string{};
  if (auto held = lock_.still_held(path_); !held)
    return lost(held.error());
  for (const auto& [path, mark] : own_files_)
    if (mark_of(path) != mark)
      return lost({ec::unreachable, path.string()
                                      + ": the file is gone, or another is in its place, while the "
                                        "folder was in use; what comes now could not be kept. Put "
                                        "it back or restore a backup, then start again"});
  if (mark_of(path_ / marker_name) == marker_mark_)
    return std::string{};
  const auto there = read_marker(path_, schema_);
  if (there && *there && **there == own_marker()) {
    marker_mark_ = mark_of(path_ / marker_name); // the same text, written again by somebody
    return std::string{};
  }
  if (!there || *there)
    return lost({ec::unreachable, path_.string()
                                    + ": the marker SLUICE was replaced by another while the "
                                      "folder was in use; put the right one back, or remove it, "
                                      "and start again"});
  if (auto written = write_own_marker(stores_state::ready); !written)
    return lost(written.error());
  notes_.push_back(path_.string() + ": the marker SLUICE was gone and was written again");
  return notes_.back();
}

} // namespace sluice::storage
