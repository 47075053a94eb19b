#include "storage/store_rows.hpp"

#include "storage/disk_fault.hpp"
#include "storage/files.hpp"
#include "storage/free_pages.hpp"
#include "storage/key.hpp"
#include "storage/meta_page.hpp"
#include "storage/page_check.hpp"

#include <algorithm>
#include <utility>

namespace sluice::storage {

namespace fs = std::filesystem;

namespace {

constexpr unsigned tables_max = 1024;
constexpr uint64_t one_transaction_bytes = uint64_t{32} << 20; // its pages are in memory
constexpr size_t table_name_bytes_max = 128;

bool is_table_name(std::string_view text) {
  return !text.empty() && text.size() <= table_name_bytes_max
         && std::all_of(text.begin(), text.end(), [](char c) {
              return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                     || c == '_' || c == '-' || c == '.';
            });
}

} // namespace

fault store_rows::failed(int rc, std::string_view doing) const {
  return disk_fault(rc, path_, doing);
}

result<store_rows> store_rows::open(const fs::path& folder, std::string store, bool no_lock) {
  store_rows rows{folder, std::move(store)};
  const auto look = look_at_file(folder);
  if (!look)
    return look.error();
  if (look->state != file_state::whole)
    return fault{ec::corrupt_data, (folder / "data.mdb").string() + ": the file is "
                                     + (look->state == file_state::empty ? "empty" : "missing")};
  MDB_env* raw = nullptr;
  if (const int rc = mdb_env_create(&raw))
    return rows.failed(rc, "open");
  rows.env_.reset(raw);
  mdb_env_set_maxdbs(raw, tables_max);
  const unsigned flags = MDB_RDONLY | MDB_NOTLS | (no_lock ? MDB_NOLOCK : 0U);
  if (const int rc = mdb_env_open(raw, folder.c_str(), flags, 0600))
    return rows.failed(rc, "open");
  return rows;
}

result<nothing> store_rows::begin() {
  read_.reset();
  tables_.clear();
  dbis_.clear();
  read_ = std::make_unique<transaction>(env_.get(), *gate_, MDB_RDONLY);
  if (read_->rc())
    return failed(read_->rc(), "read");
  return nothing{};
}

result<nothing> store_rows::name_tables() {
  MDB_dbi names = 0;
  MDB_cursor* raw = nullptr;
  int rc = mdb_dbi_open(read_->get(), nullptr, 0, &names);
  if (rc == 0)
    rc = mdb_cursor_open(read_->get(), names, &raw);
  if (rc != 0)
    return failed(rc, "read the names of its tables");
  std::vector<std::string> found;
  {
    const cursor at{raw};
    MDB_val k{};
    MDB_val v{};
    for (rc = mdb_cursor_get(raw, &k, &v, MDB_FIRST); rc == 0;
         rc = mdb_cursor_get(raw, &k, &v, MDB_NEXT)) {
      if (!is_table_name(to_view(k)) || found.size() >= tables_max)
        return fault{ec::corrupt_data, path_.string() + ": the file is damaged: it names a table "
                                         + to_hex(to_view(k).substr(0, table_name_bytes_max))};
      found.emplace_back(to_view(k));
    }
  }
  if (rc != MDB_NOTFOUND)
    return failed(rc, "read the names of its tables");
  for (auto& name : found) {
    MDB_dbi dbi = 0;
    MDB_stat stated{};
    rc = mdb_dbi_open(read_->get(), name.c_str(), 0, &dbi);
    if (rc == 0)
      rc = mdb_stat(read_->get(), dbi, &stated);
    if (rc != 0)
      return failed(rc, "read table " + name);
    const auto pages = stated.ms_branch_pages + stated.ms_leaf_pages + stated.ms_overflow_pages;
    tables_.push_back({std::move(name), stated.ms_entries, pages * stated.ms_psize});
    dbis_.push_back(dbi);
  }
  return nothing{};
}

uint64_t store_rows::moment() const {
  return read_ ? mdb_txn_id(read_->get()) : 0;
}

uint64_t store_rows::newest() const {
  MDB_envinfo seen{};
  mdb_env_info(env_.get(), &seen);
  return seen.me_last_txnid;
}

uint64_t store_rows::used_bytes() const {
  MDB_envinfo seen{};
  MDB_stat whole{};
  mdb_env_info(env_.get(), &seen);
  mdb_env_stat(env_.get(), &whole);
  return (seen.me_last_pgno + 1) * whole.ms_psize;
}

uint64_t store_rows::readers() const {
  MDB_envinfo seen{};
  mdb_env_info(env_.get(), &seen);
  return seen.me_numreaders;
}

result<uint64_t> store_rows::file_bytes() const {
  std::error_code failed;
  const auto bytes = fs::file_size(path_ / "data.mdb", failed);
  if (failed)
    return disk_fault(failed.value(), path_ / "data.mdb", "read the size of");
  return bytes;
}

result<std::optional<std::string>> store_rows::get(std::string_view table, std::string_view key) {
  const auto named
    = std::find_if(tables_.begin(), tables_.end(), [&](const auto& x) { return x.name == table; });
  if (named == tables_.end())
    return std::optional<std::string>{};
  auto k = to_val(key);
  MDB_val v{};
  const int rc = mdb_get(read_->get(), dbis_[static_cast<size_t>(named - tables_.begin())], &k, &v);
  if (rc == MDB_NOTFOUND)
    return std::optional<std::string>{};
  if (rc != 0)
    return failed(rc, "read table " + named->name);
  return std::optional<std::string>{std::string{to_view(v)}};
}

result<nothing> store_rows::walk(const visitor& visit) {
  for (size_t i = 0; i < tables_.size(); ++i)
    if (auto walked = walk_table(i, visit); !walked)
      return walked;
  return nothing{};
}

result<nothing> store_rows::walk_table(size_t number, const visitor& visit) {
  const auto& table = tables_[number];
  MDB_cursor* raw = nullptr;
  if (const int rc = mdb_cursor_open(read_->get(), dbis_[number], &raw))
    return failed(rc, "read table " + table.name);
  const cursor at{raw};
  const auto damaged = [&](const std::string& why) {
    return fault{ec::corrupt_data,
                 path_.string() + ": the file is damaged: table " + table.name + why};
  };
  MDB_val k{};
  MDB_val v{};
  uint64_t rows = 0;
  std::string before;
  int rc = mdb_cursor_get(raw, &k, &v, MDB_FIRST);
  for (; rc == 0; rc = mdb_cursor_get(raw, &k, &v, MDB_NEXT)) {
    const auto key = to_view(k);
    if (++rows > table.rows)
      return damaged(" has more rows than the " + std::to_string(table.rows) + " that it states");
    if (rows > 1 && key <= before)
      return damaged(": row " + to_hex(key) + " is out of order");
    before = key;
    if (auto visited = visit(table.name, key, to_view(v)); !visited)
      return visited;
  }
  if (rc != MDB_NOTFOUND)
    return failed(rc, "read table " + table.name);
  if (rows != table.rows)
    return damaged(" has " + std::to_string(rows) + " of the " + std::to_string(table.rows)
                   + " rows that it states");
  return nothing{};
}

result<nothing> store_rows::check_pages() {
  const auto look = look_at_file(path_);
  if (!look)
    return look.error();
  for (size_t i = 0; look->head && i < look->head->metas.size(); ++i)
    if (look->head->metas[i].commit == moment()) {
      const auto read = storage::check_pages(path_, look->head->metas[i], {UINT64_MAX});
      return read ? result<nothing>{nothing{}} : result<nothing>{read.error()};
    }
  return nothing{}; // two commits later its head is overwritten; the rows are read all the same
}

result<nothing> store_rows::check_free_pages() {
  if (const int rc = walk_free_pages(env_.get(), read_->get()))
    return failed(rc, "read its lists of free pages");
  return nothing{};
}

fault store_rows_writer::failed(int rc, std::string_view doing) const {
  return disk_fault(rc, path_, doing);
}

result<store_rows_writer>
store_rows_writer::create(const fs::path& folder, uint64_t map_bytes, unsigned file_mode) {
  store_rows_writer made{folder};
  if (fs::exists(folder / "data.mdb"))
    return fault{ec::refused, (folder / "data.mdb").string() + ": is there already"};
  MDB_env* raw = nullptr;
  if (const int rc = mdb_env_create(&raw))
    return made.failed(rc, "create");
  made.env_.reset(raw);
  mdb_env_set_mapsize(raw, map_bytes);
  mdb_env_set_maxdbs(raw, tables_max);
  // Synced once, at the end: what was begun and not finished is taken away by whoever began it.
  const unsigned flags = MDB_NOTLS | MDB_NOLOCK | MDB_NOSYNC;
  if (const int rc = mdb_env_open(raw, folder.c_str(), flags, static_cast<mdb_mode_t>(file_mode)))
    return made.failed(rc, "create");
  return made;
}

result<nothing> store_rows_writer::begin_table(std::string_view name) {
  table_ = name;
  return open_table();
}

result<nothing> store_rows_writer::open_table() {
  if (!write_)
    write_ = std::make_unique<transaction>(env_.get(), *gate_, 0U);
  if (write_->rc())
    return failed(write_->rc(), "write");
  if (const int rc = mdb_dbi_open(write_->get(), table_.c_str(), MDB_CREATE, &dbi_))
    return failed(rc, "create table " + table_);
  return nothing{};
}

result<nothing> store_rows_writer::add(std::string_view key, std::string_view value) {
  auto k = to_val(key);
  auto v = to_val(value);
  const int rc = mdb_put(write_->get(), dbi_, &k, &v, MDB_APPEND);
  if (rc == MDB_KEYEXIST)
    return fault{ec::corrupt_data,
                 path_.string() + ": table " + table_ + ": row " + to_hex(key)
                   + " does not come behind the one before it; rows must be in order"};
  if (rc != 0)
    return failed(rc, "write table " + table_);
  uncommitted_bytes_ += key.size() + value.size();
  if (uncommitted_bytes_ < one_transaction_bytes)
    return nothing{};
  uncommitted_bytes_ = 0;
  const int kept = write_->commit();
  write_.reset();
  if (kept != 0)
    return failed(kept, "write");
  return open_table();
}

result<nothing> store_rows_writer::finish() {
  const int kept = write_ ? write_->commit() : 0;
  write_.reset();
  if (kept != 0)
    return failed(kept, "write");
  if (const int rc = mdb_env_sync(env_.get(), 1))
    return failed(rc, "write");
  env_.reset();
  if (auto synced = sync_file(path_ / "data.mdb"); !synced)
    return synced;
  return sync_folder(path_);
}

} // namespace sluice::storage
