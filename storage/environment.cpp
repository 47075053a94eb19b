#include "storage/environment.hpp"

#include "storage/disk_fault.hpp"
#include "storage/files.hpp"
#include "storage/key.hpp"
#include "storage/row_checksum.hpp"
#include "storage/transaction.hpp"

#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

namespace sluice::storage {

namespace {

constexpr int growths_max = 40;            // doublings, or what there is space for
constexpr uint64_t growth_least = 1 << 20; // bytes

/// By how many bytes a map of `now` can grow: to twice its size, or half of that way, and so on; 0:
/// there is no address space. Asked of the system first, because LMDB lets go of the old map before
/// it asks for the new one.
uint64_t space_to_grow(uint64_t now, uint64_t most) {
  for (uint64_t more = std::min(now, most - now);; more /= 2) {
    auto* const at
      = ::mmap(nullptr, more, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at != MAP_FAILED) {
      ::munmap(at, more);
      return more;
    }
    if (more / 2 < growth_least)
      return 0;
  }
}

/// The first key after everything that begins with `prefix`; "" when there is none.
std::string after_prefix(std::string prefix) {
  while (!prefix.empty() && prefix.back() == '\xff')
    prefix.pop_back();
  if (!prefix.empty())
    prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
  return prefix;
}

/// Puts the cursor on the last key <= `bound` (or < when `below`).
int seek_back(MDB_cursor* at, const std::string& bound, bool below, MDB_val& k, MDB_val& v) {
  if (bound.empty())
    return mdb_cursor_get(at, &k, &v, MDB_LAST);
  k = to_val(bound);
  const int rc = mdb_cursor_get(at, &k, &v, MDB_SET_RANGE);
  if (rc == MDB_NOTFOUND)
    return mdb_cursor_get(at, &k, &v, MDB_LAST);
  if (rc != 0 || (!below && to_view(k) == bound))
    return rc;
  return mdb_cursor_get(at, &k, &v, MDB_PREV);
}

int seek(MDB_cursor* at, const key_range& range, MDB_val& k, MDB_val& v) {
  if (range.reverse) {
    const auto end = after_prefix(range.prefix);
    if (range.from.empty() || (!end.empty() && range.from >= end))
      return seek_back(at, end, true, k, v);
    return seek_back(at, range.from, false, k, v);
  }
  const auto& first = std::max(range.from, range.prefix);
  if (first.empty())
    return mdb_cursor_get(at, &k, &v, MDB_FIRST);
  k = to_val(first);
  return mdb_cursor_get(at, &k, &v, MDB_SET_RANGE);
}

} // namespace

fault environment::failed(int rc, std::string_view doing) const {
  return disk_fault(rc, path_, doing);
}

result<const environment::table_handle*> environment::find(std::string_view table) const {
  if (const auto i = tables_.find(table); i != tables_.end())
    return &i->second;
  if (std::find(options_.tables.begin(), options_.tables.end(), table) != options_.tables.end())
    return fault{ec::no_such_key, path_.string() + ": table " + std::string{table} + " is empty"};
  return fault{ec::invalid_argument, path_.string() + ": no table " + std::string{table}};
}

result<nothing> environment::check(const write& w) const {
  if (options_.read_only)
    return fault{ec::read_only, path_.string() + ": opened for reading only"};
  if (w.store != options_.store)
    return fault{ec::invalid_argument,
                 path_.string() + ": a write for store " + w.store + ", this is " + options_.store};
  if (auto table = find(w.table); !table)
    return table.error();
  const auto key_max = static_cast<size_t>(mdb_env_get_maxkeysize(env_.get()));
  if (w.key.empty() || w.key.size() > key_max)
    return fault{ec::invalid_argument, path_.string() + ": table " + w.table + ": a key of "
                                         + std::to_string(w.key.size())
                                         + " bytes, allowed are 1 to " + std::to_string(key_max)};
  return nothing{};
}

result<nothing> environment::commit(const batch& writes) {
  return commit(std::span{&writes, 1});
}

result<nothing> environment::commit(std::span<const batch> batches) {
  std::vector<const write*> all;
  for (const auto& one : batches)
    for (const auto& w : one.writes)
      all.push_back(&w);
  return commit(std::span<const write* const>{all});
}

result<nothing> environment::commit(std::span<const write* const> writes) {
  for (const auto* w : writes)
    if (auto fits = check(*w); !fits)
      return fits;
  if (writes.empty())
    return nothing{};
  return with_growth([this, writes] { return apply(writes); });
}

/// Again with a larger map as often as it is full.
result<nothing> environment::with_growth(const std::function<int()>& apply_all) {
  for (int i = 0; i < growths_max; ++i) {
    const int rc = apply_all();
    if (rc == 0)
      return nothing{};
    if (rc != MDB_MAP_FULL)
      return failed(rc, "write");
    if (auto grown = grow(); !grown)
      return grown;
  }
  return failed(MDB_MAP_FULL, "write");
}

/// The value's place is taken in the page first, so that the checksum costs no copy of it.
int environment::put_value(MDB_txn* txn, const table_handle& table, std::string_view key,
                           std::string_view value) const {
  auto k = to_val(key);
  if (!options_.checksums) {
    auto v = to_val(value);
    return mdb_put(txn, table.dbi, &k, &v, 0);
  }
  MDB_val v{value.size() + row_checksum_bytes, nullptr};
  if (const int rc = mdb_put(txn, table.dbi, &k, &v, MDB_RESERVE))
    return rc;
  const auto checksum = checksum_of_row(table.seed, key, value);
  if (!value.empty())
    std::memcpy(v.mv_data, value.data(), value.size());
  std::memcpy(static_cast<char*>(v.mv_data) + value.size(), &checksum, sizeof checksum);
  return 0;
}

int environment::apply(MDB_txn* txn, std::span<const write* const> writes) const {
  for (const auto* w : writes) {
    const auto& table = tables_.find(w->table)->second; // check() has seen it
    auto key = to_val(w->key);
    const int rc
      = w->erase ? mdb_del(txn, table.dbi, &key, nullptr) : put_value(txn, table, w->key, w->value);
    if (rc != 0 && !(w->erase && rc == MDB_NOTFOUND))
      return rc;
  }
  return 0;
}

int environment::apply(std::span<const write* const> writes) {
  transaction txn{env_, *gate_, 0};
  if (txn.rc())
    return txn.rc();
  const int rc = apply(txn.get(), writes);
  return rc ? rc : txn.commit();
}

result<nothing> environment::grow() {
  int dead = 0;
  mdb_reader_check(env_.get(), &dead);
  const auto now = map_bytes();
  const auto full
    = path_.string() + ": cannot write: all " + std::to_string(now) + " bytes that it ";
  if (now >= options_.map_bytes_max)
    return fault{ec::storage_full, full + "may have are used"};
  const auto more = space_to_grow(now, options_.map_bytes_max);
  if (more == 0)
    return fault{ec::storage_full, full
                                     + "has are used, and the process has no address space for "
                                       "more; raise its limit (ulimit -v)"};
  if (const int rc = gate_->resize(env_.get(), now + more))
    return failed(rc, "grow to " + std::to_string(now + more) + " bytes");
  return nothing{};
}

uint64_t environment::map_bytes() const {
  const map_gate::pass inside{*gate_};
  MDB_envinfo seen{};
  if (gate_->lost() == 0)
    mdb_env_info(env_.get(), &seen);
  return seen.me_mapsize;
}

fault environment::bad_checksum(std::string_view table, std::string_view key) const {
  return {ec::corrupt_data, path_.string() + ": table " + std::string{table} + ", row "
                              + to_hex(key)
                              + ": the row is damaged: it has another checksum than was written "
                                "with it; `sluice db verify` shows all that are"};
}

std::string_view environment::value_of(const table_handle& table, std::string_view key,
                                       std::string_view stored) const {
  return options_.checksums ? without_checksum(table.seed, key, stored) : stored;
}

result<std::string> environment::get(std::string_view table, std::string_view key) const {
  auto handle = find(table);
  if (!handle)
    return handle.error();
  transaction txn{env_, *gate_, MDB_RDONLY};
  if (txn.rc())
    return failed(txn.rc(), "read");
  auto k = to_val(key);
  MDB_val v{};
  const int rc = mdb_get(txn.get(), (*handle)->dbi, &k, &v);
  if (rc == MDB_NOTFOUND || rc == MDB_BAD_VALSIZE) // a key that cannot be stored is not stored
    return fault{ec::no_such_key, path_.string() + ": no such row in table " + std::string{table}};
  if (rc != 0)
    return failed(rc, "read table " + std::string{table});
  const auto value = value_of(**handle, key, to_view(v));
  if (!value.data())
    return bad_checksum(table, key);
  return std::string{value};
}

result<nothing>
environment::scan(std::string_view table, const key_range& range, const visitor& visit) const {
  auto handle = find(table);
  if (!handle && handle.error().code == ec::no_such_key)
    return nothing{};
  if (!handle)
    return handle.error();
  transaction txn{env_, *gate_, MDB_RDONLY};
  if (txn.rc())
    return failed(txn.rc(), "read");
  MDB_cursor* raw = nullptr;
  if (const int rc = mdb_cursor_open(txn.get(), (*handle)->dbi, &raw))
    return failed(rc, "read table " + std::string{table});
  const cursor at{raw};
  MDB_val k{};
  MDB_val v{};
  int rc = seek(raw, range, k, v);
  const auto step = range.reverse ? MDB_PREV : MDB_NEXT;
  for (; rc == 0; rc = mdb_cursor_get(raw, &k, &v, step)) {
    const auto key = to_view(k);
    if (!key.starts_with(range.prefix))
      break;
    const auto value = value_of(**handle, key, to_view(v));
    if (!value.data())
      return bad_checksum(table, key);
    if (!visit(key, value))
      break;
  }
  if (rc != 0 && rc != MDB_NOTFOUND)
    return failed(rc, "read table " + std::string{table});
  return nothing{};
}

/// The value of a row whose checksum is wrong is a null view.
result<uint64_t> environment::walk_all(const row_visitor& visit) const {
  transaction txn{env_, *gate_, MDB_RDONLY};
  if (txn.rc())
    return failed(txn.rc(), "read");
  for (const auto& [name, handle] : tables_) {
    MDB_stat stated{};
    MDB_cursor* raw = nullptr;
    if (const int rc = mdb_stat(txn.get(), handle.dbi, &stated))
      return failed(rc, "read table " + name);
    if (const int rc = mdb_cursor_open(txn.get(), handle.dbi, &raw))
      return failed(rc, "read table " + name);
    const cursor at{raw};
    MDB_val k{};
    MDB_val v{};
    uint64_t rows = 0;
    int rc = mdb_cursor_get(raw, &k, &v, MDB_FIRST);
    for (; rc == 0 && rows <= stated.ms_entries; rc = mdb_cursor_get(raw, &k, &v, MDB_NEXT)) {
      ++rows;
      if (!visit(name, to_view(k), value_of(handle, to_view(k), to_view(v))))
        return mdb_txn_id(txn.get());
    }
    if (rc != 0 && rc != MDB_NOTFOUND)
      return failed(rc, "read table " + name);
    if (rows != stated.ms_entries)
      return fault{ec::corrupt_data,
                   path_.string() + ": table " + name + " states "
                     + std::to_string(stated.ms_entries) + " rows and has "
                     + (rows > stated.ms_entries ? "more" : std::to_string(rows))};
  }
  return mdb_txn_id(txn.get());
}

result<uint64_t> environment::scan_all(const table_visitor& visit) const {
  std::optional<fault> bad;
  auto walked = walk_all([&](std::string_view table, std::string_view key, std::string_view value) {
    if (!value.data())
      bad = bad_checksum(table, key);
    return value.data() && visit(table, key, value);
  });
  if (bad)
    return *bad;
  return walked;
}

result<row_check_report> environment::check_rows(const bad_row_visitor& bad) const {
  row_check_report report;
  const auto walked
    = walk_all([&](std::string_view table, std::string_view key, std::string_view value) {
        ++report.rows;
        if (value.data())
          return true;
        ++report.bad;
        return bad(table, key, bad_checksum(table, key));
      });
  if (!walked)
    return walked.error();
  report.commit = *walked;
  return report;
}

uint64_t environment::last_commit() const {
  const map_gate::pass inside{*gate_};
  MDB_envinfo seen{};
  if (gate_->lost() == 0)
    mdb_env_info(env_.get(), &seen);
  return seen.me_last_txnid;
}

result<nothing> environment::copy_to(const std::filesystem::path& to, bool compact) const {
  const map_gate::pass inside{*gate_};
  if (gate_->lost() != 0)
    return failed(gate_->lost(), "copy");
  if (const int rc = mdb_env_copy2(env_.get(), to.c_str(), compact ? MDB_CP_COMPACT : 0U))
    return disk_fault(rc, to, "copy " + path_.string() + " there");
  if (::chmod((to / "data.mdb").c_str(), options_.file_mode) != 0)
    return disk_fault(errno, to, "copy " + path_.string() + " there");
  if (auto synced = sync_file(to / "data.mdb"); !synced)
    return synced;
  return sync_folder(to);
}

} // namespace sluice::storage
