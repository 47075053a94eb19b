// Checksums for a file that was written without them (environment::seal_rows).
#include "storage/environment.hpp"
#include "storage/row_checksum.hpp"
#include "storage/transaction.hpp"

#include <cstring>
#include <utility>
#include <vector>

namespace sluice::storage {

namespace {

constexpr uint64_t rows_between_progress = 10'000;

/// Every row of one table, from the state before into the transaction, with its checksum.
int seal_table(MDB_txn* from, MDB_txn* to, MDB_dbi dbi, uint64_t seed, uint64_t& rows,
               const std::function<void(uint64_t)>& progress) {
  MDB_cursor* raw = nullptr;
  if (const int rc = mdb_cursor_open(from, dbi, &raw))
    return rc;
  const cursor at{raw};
  MDB_val k{};
  MDB_val v{};
  int rc = mdb_cursor_get(raw, &k, &v, MDB_FIRST);
  for (; rc == 0; rc = mdb_cursor_get(raw, &k, &v, MDB_NEXT)) {
    const auto value = to_view(v);
    const auto checksum = checksum_of_row(seed, to_view(k), value);
    MDB_val sealed{value.size() + row_checksum_bytes, nullptr};
    if (const int put = mdb_put(to, dbi, &k, &sealed, MDB_RESERVE))
      return put;
    if (!value.empty())
      std::memcpy(sealed.mv_data, value.data(), value.size());
    std::memcpy(static_cast<char*>(sealed.mv_data) + value.size(), &checksum, sizeof checksum);
    if (++rows % rows_between_progress == 0 && progress)
      progress(rows);
  }
  return rc == MDB_NOTFOUND ? 0 : rc;
}

} // namespace

/// Tables of mechanisms that this program was not asked for, and of older versions, have rows too.
result<nothing> environment::open_unnamed_tables() {
  transaction txn{env_, *gate_, MDB_RDONLY};
  if (txn.rc())
    return failed(txn.rc(), "read");
  MDB_dbi names = 0;
  if (const int rc = mdb_dbi_open(txn.get(), nullptr, 0, &names))
    return failed(rc, "read its tables");
  MDB_cursor* raw = nullptr;
  if (const int rc = mdb_cursor_open(txn.get(), names, &raw))
    return failed(rc, "read its tables");
  std::vector<std::string> missing;
  {
    const cursor at{raw};
    MDB_val k{};
    MDB_val v{};
    int rc = mdb_cursor_get(raw, &k, &v, MDB_FIRST);
    for (; rc == 0; rc = mdb_cursor_get(raw, &k, &v, MDB_NEXT))
      if (!tables_.contains(to_view(k)))
        missing.emplace_back(to_view(k));
    if (rc != MDB_NOTFOUND)
      return failed(rc, "read its tables");
  }
  for (auto& name : missing) {
    MDB_dbi dbi = 0;
    if (const int rc = mdb_dbi_open(txn.get(), name.c_str(), 0, &dbi))
      return failed(rc, "open table " + name);
    tables_.emplace(std::move(name), table_handle{dbi, 0});
  }
  if (const int rc = txn.commit())
    return failed(rc, "open its tables");
  for (auto& [name, handle] : tables_)
    handle.seed = table_seed_of(name);
  return nothing{};
}

int environment::seal_all(std::span<const write* const> more,
                          const std::function<void(uint64_t)>& progress) {
  transaction before{env_, *gate_, MDB_RDONLY};
  if (before.rc())
    return before.rc();
  transaction txn{env_, *gate_, 0};
  if (txn.rc())
    return txn.rc();
  uint64_t rows = 0;
  for (const auto& [name, handle] : tables_)
    if (const int rc = seal_table(before.get(), txn.get(), handle.dbi, handle.seed, rows, progress))
      return rc;
  if (const int rc = apply(txn.get(), more))
    return rc;
  return txn.commit();
}

result<nothing>
environment::seal_rows(const batch& more, const std::function<void(uint64_t)>& progress) {
  std::vector<const write*> writes;
  for (const auto& w : more.writes) {
    if (auto fits = check(w); !fits)
      return fits;
    writes.push_back(&w);
  }
  if (auto opened = open_unnamed_tables(); !opened)
    return opened;
  options_.checksums = true; // for `more`, within the same transaction
  auto sealed = with_growth([&] { return seal_all(writes, progress); });
  options_.checksums = static_cast<bool>(sealed);
  return sealed;
}

} // namespace sluice::storage
