#include "storage/environment.hpp"

#include "storage/disk_fault.hpp"
#include "storage/files.hpp"
#include "storage/transaction.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <utility>

namespace sluice::storage {

namespace {

constexpr int growths_max = 40;            // doublings, or what there is room for
constexpr uint64_t growth_least = 1 << 20; // bytes

/// By how many bytes a map of `now` can grow: to twice its size, or half of that way, and so on; 0:
/// there is no address space. Asked of the system first, because LMDB lets go of the old map before
/// it asks for the new one.
uint64_t room_to_grow(uint64_t now, uint64_t most) {
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

result<MDB_dbi> environment::find(std::string_view table) const {
  if (const auto i = tables_.find(table); i != tables_.end())
    return i->second;
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
  if (auto dbi = find(w.table); !dbi)
    return dbi.error();
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
  for (int i = 0; i < growths_max; ++i) {
    const int rc = apply(writes);
    if (rc == 0)
      return nothing{};
    if (rc != MDB_MAP_FULL)
      return failed(rc, "write");
    if (auto grown = grow(); !grown)
      return grown;
  }
  return failed(MDB_MAP_FULL, "write");
}

int environment::apply(std::span<const write* const> writes) {
  transaction txn{env_.get(), *gate_, 0};
  if (txn.rc())
    return txn.rc();
  for (const auto* w : writes) {
    const auto dbi = tables_.find(w->table)->second; // check() has seen it
    auto key = to_val(w->key);
    auto value = to_val(w->value);
    const int rc = w->erase ? mdb_del(txn.get(), dbi, &key, nullptr)
                            : mdb_put(txn.get(), dbi, &key, &value, 0);
    if (rc != 0 && !(w->erase && rc == MDB_NOTFOUND))
      return rc;
  }
  return txn.commit();
}

result<nothing> environment::grow() {
  int dead = 0;
  mdb_reader_check(env_.get(), &dead);
  const auto now = map_bytes();
  const auto full
    = path_.string() + ": cannot write: all " + std::to_string(now) + " bytes that it ";
  if (now >= options_.map_bytes_max)
    return fault{ec::storage_full, full + "may have are used"};
  const auto more = room_to_grow(now, options_.map_bytes_max);
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

result<std::string> environment::get(std::string_view table, std::string_view key) const {
  auto dbi = find(table);
  if (!dbi)
    return dbi.error();
  transaction txn{env_, *gate_, MDB_RDONLY};
  if (txn.rc())
    return failed(txn.rc(), "read");
  auto k = to_val(key);
  MDB_val v{};
  const int rc = mdb_get(txn.get(), *dbi, &k, &v);
  if (rc == MDB_NOTFOUND || rc == MDB_BAD_VALSIZE) // a key that cannot be stored is not stored
    return fault{ec::no_such_key, path_.string() + ": no such row in table " + std::string{table}};
  if (rc != 0)
    return failed(rc, "read table " + std::string{table});
  return std::string{to_view(v)};
}

result<nothing>
environment::scan(std::string_view table, const key_range& range, const visitor& visit) const {
  auto dbi = find(table);
  if (!dbi && dbi.error().code == ec::no_such_key)
    return nothing{};
  if (!dbi)
    return dbi.error();
  transaction txn{env_, *gate_, MDB_RDONLY};
  if (txn.rc())
    return failed(txn.rc(), "read");
  MDB_cursor* raw = nullptr;
  if (const int rc = mdb_cursor_open(txn.get(), *dbi, &raw))
    return failed(rc, "read table " + std::string{table});
  const cursor at{raw};
  MDB_val k{};
  MDB_val v{};
  int rc = seek(raw, range, k, v);
  const auto step = range.reverse ? MDB_PREV : MDB_NEXT;
  for (; rc == 0; rc = mdb_cursor_get(raw, &k, &v, step))
    if (!to_view(k).starts_with(range.prefix) || !visit(to_view(k), to_view(v)))
      break;
  if (rc != 0 && rc != MDB_NOTFOUND)
    return failed(rc, "read table " + std::string{table});
  return nothing{};
}

result<uint64_t> environment::scan_all(const table_visitor& visit) const {
  transaction txn{env_, *gate_, MDB_RDONLY};
  if (txn.rc())
    return failed(txn.rc(), "read");
  for (const auto& [name, dbi] : tables_) {
    MDB_stat stated{};
    MDB_cursor* raw = nullptr;
    if (const int rc = mdb_stat(txn.get(), dbi, &stated))
      return failed(rc, "read table " + name);
    if (const int rc = mdb_cursor_open(txn.get(), dbi, &raw))
      return failed(rc, "read table " + name);
    const cursor at{raw};
    MDB_val k{};
    MDB_val v{};
    uint64_t rows = 0;
    int rc = mdb_cursor_get(raw, &k, &v, MDB_FIRST);
    for (; rc == 0 && rows <= stated.ms_entries; rc = mdb_cursor_get(raw, &k, &v, MDB_NEXT)) {
      ++rows;
      if (!visit(name, to_view(k), to_view(v)))
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
  if (auto synced = sync_file(to / "data.mdb"); !synced)
    return synced;
  return sync_folder(to);
}

} // namespace sluice::storage
