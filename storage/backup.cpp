#include "storage/backup.hpp"

#include "storage/backup_digest.hpp"
#include "storage/checked_table.hpp"
#include "storage/disk_fault.hpp"
#include "storage/files.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <map>
#include <optional>
#include <unistd.h>

namespace sluice::storage {

namespace fs = std::filesystem;

namespace {

constexpr int64_t latest_s = 253'402'300'799; // the last second of the year 9999
constexpr uint64_t keep_most = 1000;
constexpr size_t entries_looked_at = 10'000;
constexpr int names_tried = 1000;
constexpr int copies_tried = 3;
constexpr size_t damaged_kept = 3;
constexpr std::string_view backup_prefix = "backup-";
constexpr std::string_view damaged_prefix = "damaged-";

std::string digits_of(int64_t x, size_t width) {
  auto text = std::to_string(x);
  return text.size() < width ? std::string(width - text.size(), '0') + text : text;
}

/// Seconds since 1970 of "YYYYmmdd-HHMMSS"; none: it is no such text.
std::optional<int64_t> seconds_of_stamp(std::string_view text) {
  if (text.size() != 15 || text[8] != '-')
    return {};
  const auto number = [&](size_t from, size_t count) {
    int made = 0;
    for (const char c : text.substr(from, count)) {
      if (c < '0' || c > '9')
        return -1;
      made = made * 10 + (c - '0');
    }
    return made;
  };
  const auto year = number(0, 4);
  const auto month = number(4, 2);
  const auto day = number(6, 2);
  const auto hour = number(9, 2);
  const auto minute = number(11, 2);
  const auto second = number(13, 2);
  if (year < 1970 || month < 0 || day < 0 || hour < 0 || hour > 23 || minute < 0 || minute > 59
      || second < 0 || second > 59)
    return {};
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok())
    return {};
  const int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
  return days * 86'400 + hour * 3600 + minute * 60 + second;
}

std::optional<backup_place> backup_at(const fs::path& path) {
  const auto name = path.filename().string();
  if (!name.starts_with(backup_prefix))
    return {};
  const auto taken = seconds_of_stamp(std::string_view{name}.substr(backup_prefix.size()));
  if (!taken)
    return {};
  return backup_place{path, *taken};
}

/// All of a folder whose names begin so; none when there is no such folder.
result<std::vector<fs::path>> names_with(const fs::path& folder, std::string_view prefix) {
  std::vector<fs::path> found;
  std::error_code failed;
  if (!fs::exists(folder, failed))
    return found;
  size_t seen = 0;
  for (fs::directory_iterator i{folder, failed}, end; !failed && i != end; i.increment(failed)) {
    if (++seen > entries_looked_at)
      break;
    if (i->path().filename().string().starts_with(prefix))
      found.push_back(i->path());
  }
  if (failed)
    return disk_fault(failed.value(), folder, "read the folder");
  std::sort(found.begin(), found.end());
  return found;
}

/// What the file in a folder has in these tables. Only after look_through, or in a file just
/// written.
result<store_digest> read_back(const fs::path& folder, const stated_digest& stated) {
  environment_options o;
  o.store = stated.store;
  o.map_bytes = 0; // LMDB takes the file's own size
  for (const auto& one : stated.tables)
    o.tables.push_back(one.name);
  o.read_only = true;
  o.no_lock = true;
  const auto copy = environment::open(folder, std::move(o));
  if (!copy)
    return copy.error();
  return digest_of(*copy);
}

result<nothing> make_backup_folder(const fs::path& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed)
    return disk_fault(failed.value(), folder, "create the folder");
  return nothing{};
}

/// The copy of one moment and what is in it; none: somebody wrote meanwhile.
result<std::optional<store_digest>> copy_once(const environment& env, const fs::path& growing) {
  std::error_code failed;
  fs::remove_all(growing, failed);
  if (::mkdir(growing.c_str(), 0755) != 0)
    return disk_fault(errno, growing, "create the folder");
  const auto before = env.last_commit();
  const auto digest = digest_of(env);
  if (!digest)
    return digest.error();
  if (auto copied = env.copy_to(growing, true); !copied)
    return copied.error();
  if (env.last_commit() != before)
    return std::optional<store_digest>{};
  return std::optional<store_digest>{*digest};
}

result<store_digest> copy_verified(const environment& env, const fs::path& growing) {
  for (int i = 0; i < copies_tried; ++i) {
    const auto original = copy_once(env, growing);
    if (!original)
      return original.error();
    if (!*original)
      continue;
    if (auto noted = write_whole(growing / digest_name, digest_text({env.store(), **original}));
        !noted)
      return noted.error();
    const auto stated = read_digest(growing);
    if (!stated)
      return stated.error();
    const auto copy = read_back(growing, *stated);
    if (!copy)
      return copy.error();
    const auto difference = difference_of_digests(**original, *copy);
    if (!difference.empty())
      return fault{ec::corrupt_data,
                   growing.string() + ": the copy is not equal to the original: " + difference};
    return *copy;
  }
  return fault{ec::busy,
               env.path().string() + ": cannot be copied: it was written to each time; try again"};
}

} // namespace

std::string backup_stamp(int64_t s) {
  const auto at = std::clamp<int64_t>(s, 0, latest_s);
  const std::chrono::year_month_day date{
    std::chrono::sys_days{std::chrono::days{static_cast<int>(at / 86'400)}}};
  const auto in_day = at % 86'400;
  return digits_of(int{date.year()}, 4) + digits_of(unsigned{date.month()}, 2)
         + digits_of(unsigned{date.day()}, 2) + '-' + digits_of(in_day / 3600, 2)
         + digits_of(in_day / 60 % 60, 2) + digits_of(in_day % 60, 2);
}

void add_to_digest(table_digest& to, std::string_view key, std::string_view value) {
  ++to.rows;
  to.checksum = to.checksum * 1'099'511'628'211U + row_checksum(key, value);
}

result<store_digest> digest_of(const environment& env) {
  std::map<std::string, table_digest, std::less<>> tables;
  const auto walked
    = env.scan_all([&](std::string_view table, std::string_view key, std::string_view value) {
        auto at = tables.find(table);
        if (at == tables.end())
          at = tables.emplace(std::string{table}, table_digest{std::string{table}, 0, 0}).first;
        add_to_digest(at->second, key, value);
        return true;
      });
  if (!walked)
    return walked.error();
  store_digest made;
  for (const auto& name : env.tables()) { // empty ones too
    const auto at = tables.find(name);
    made.push_back(at == tables.end() ? table_digest{name, 0, 0} : at->second);
  }
  std::sort(made.begin(), made.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return made;
}

result<backup_place> free_backup_place(const fs::path& folder, int64_t now_s) {
  for (int i = 0; i < names_tried; ++i) {
    const auto at = now_s + i;
    const auto path = folder / (std::string{backup_prefix} + backup_stamp(at));
    std::error_code failed;
    if (!fs::exists(path, failed))
      return backup_place{path, at};
  }
  return fault{ec::refused, folder.string() + ": has " + std::to_string(names_tried)
                              + " backups of the same quarter of an hour; wait"};
}

void erase_unfinished_backups(const fs::path& folder) {
  const auto found = names_with(folder, backup_prefix);
  if (!found)
    return;
  for (const auto& path : *found) {
    std::error_code ignored;
    if (path.extension() == ".tmp")
      fs::remove_all(path, ignored);
  }
}

result<std::vector<fs::path>> erase_older_backups(const fs::path& folder, uint64_t keep) {
  const auto all = list_backups(folder);
  if (!all)
    return all.error();
  std::vector<fs::path> erased;
  for (size_t i = keep; i < all->size(); ++i) {
    std::error_code failed;
    auto going = (*all)[i].path; // half of it is no backup: the name goes first
    going += ".tmp";
    fs::rename((*all)[i].path, going, failed);
    if (!failed)
      fs::remove_all(going, failed);
    if (failed)
      return disk_fault(failed.value(), (*all)[i].path, "erase an old backup");
    erased.push_back((*all)[i].path);
  }
  return erased;
}

result<backup_report>
take_backup(const environment& env, const fs::path& folder, int64_t now_s, uint64_t keep) {
  if (keep < 1 || keep > keep_most)
    return fault{ec::out_of_range,
                 "backups to keep: expected 1 to 1000, got " + std::to_string(keep)};
  if (now_s < 0 || now_s > latest_s)
    return fault{ec::out_of_range, "the moment of a backup: expected 0 to "
                                     + std::to_string(latest_s) + " s, got "
                                     + std::to_string(now_s)};
  if (auto made = make_backup_folder(folder); !made)
    return made.error();
  erase_unfinished_backups(folder);
  const auto place = free_backup_place(folder, now_s);
  if (!place)
    return place.error();
  auto growing = place->path;
  growing += ".tmp";
  std::error_code failed;
  const auto digest = copy_verified(env, growing);
  if (digest)
    fs::rename(growing, place->path, failed);
  if (!digest || failed) {
    std::error_code ignored;
    fs::remove_all(growing, ignored);
    return digest ? disk_fault(failed.value(), place->path, "create the folder") : digest.error();
  }
  if (auto synced = sync_folder(folder); !synced)
    return synced.error();
  auto erased = erase_older_backups(folder, keep);
  if (!erased)
    return erased.error();
  backup_report made{*place, *digest, 0, *std::move(erased)};
  made.bytes = fs::file_size(place->path / "data.mdb", failed);
  return made;
}

result<std::vector<backup_place>> list_backups(const fs::path& folder) {
  const auto found = names_with(folder, backup_prefix);
  if (!found)
    return found.error();
  std::vector<backup_place> made;
  for (const auto& path : *found)
    if (auto one = backup_at(path))
      made.push_back(*std::move(one));
  std::sort(made.begin(), made.end(),
            [](const auto& a, const auto& b) { return a.taken_s > b.taken_s; });
  return made;
}

result<store_digest> verify_backup(const backup_place& x) {
  const auto stated = read_digest(x.path);
  if (!stated)
    return stated.error();
  std::error_code failed;
  if (!fs::exists(x.path / "data.mdb", failed))
    return fault{ec::corrupt_data, x.path.string() + ": has no data.mdb"};
  if (auto sound = look_through(x.path); !sound)
    return sound.error();
  const auto there = read_back(x.path, *stated);
  if (!there)
    return there.error();
  if (const auto difference = difference_of_digests(stated->tables, *there); !difference.empty())
    return fault{ec::corrupt_data, x.path.string() + ": is not what was copied: " + difference};
  return *there;
}

result<backup_place>
newest_verified(const fs::path& folder, std::vector<std::string>& bad, int64_t before_s) {
  const auto all = list_backups(folder);
  if (!all)
    return all.error();
  for (const auto& one : *all) {
    if (one.taken_s >= before_s)
      continue;
    const auto verified = verify_backup(one);
    if (verified)
      return one;
    bad.push_back(verified.error().what);
  }
  return fault{ec::no_such_key, folder.string() + ": no verified backup is there"};
}

result<nothing> restore_backup(const backup_place& from, const fs::path& store, int64_t now_s) {
  if (auto made = make_backup_folder(store); !made)
    return made;
  const auto data = store / "data.mdb";
  const auto beside = store / "data.mdb.new";
  std::error_code failed;
  fs::copy_file(from.path / "data.mdb", beside, fs::copy_options::overwrite_existing, failed);
  if (failed)
    return disk_fault(failed.value(), beside, "write");
  if (auto synced = sync_file(beside); !synced)
    return synced;
  if (fs::exists(data, failed)) {
    const auto aside = store / (std::string{damaged_prefix} + backup_stamp(now_s) + ".mdb");
    fs::remove(aside, failed);
    fs::create_hard_link(data, aside, failed); // the name data.mdb is never without a file
    if (failed)
      fs::copy_file(data, aside, fs::copy_options::overwrite_existing, failed);
    if (failed)
      return disk_fault(failed.value(), aside, "write");
  }
  fs::rename(beside, data, failed);
  if (failed)
    return disk_fault(failed.value(), data, "write");
  fs::remove(store / "lock.mdb", failed); // of readers of the other file
  const auto old = names_with(store, damaged_prefix);
  if (old)
    for (size_t i = 0; i + damaged_kept < old->size(); ++i)
      fs::remove((*old)[i], failed);
  return sync_folder(store);
}

} // namespace sluice::storage
