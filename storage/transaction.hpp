/// LMDB's transactions and cursors, closed by leaving their scope.
#pragma once

#include "storage/map_gate.hpp"

#include <lmdb.h>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace sluice::storage {

/// Size in bytes; LMDB checks it when it is used (MDB_BAD_VALSIZE).
inline MDB_val to_val(std::string_view x) {
  return {x.size(), const_cast<char*>(x.data())};
}

inline std::string_view to_view(const MDB_val& x) {
  return {static_cast<const char*>(x.mv_data), x.mv_size};
}

/// Aborts unless committed; keeps the map where it is.
class transaction {
public:
  /// `flags`: 0 or MDB_RDONLY. Look at rc() first. Other flags are not checked.
  transaction(MDB_env* env, map_gate& gate, unsigned flags) {
    pass_.emplace(gate);
    begin([env] { return env; }, gate, flags);
  }
  /// The same on the environment that `env` holds once this is inside: a compaction changes it
  /// while nobody is.
  template <class Closer>
  transaction(const std::unique_ptr<MDB_env, Closer>& env, map_gate& gate, unsigned flags) {
    pass_.emplace(gate);
    begin([&env] { return env.get(); }, gate, flags);
  }
  transaction(const transaction&) = delete;
  ~transaction() {
    if (txn_)
      mdb_txn_abort(txn_);
  }

  /// 0, or the LMDB code or errno of the begin.
  int rc() const { return rc_; }
  MDB_txn* get() { return txn_; }
  /// 0, or the LMDB code or errno; nothing was written then.
  int commit() { return mdb_txn_commit(std::exchange(txn_, nullptr)); }

private:
  template <class Env>
  void begin(Env env, map_gate& gate, unsigned flags) {
    rc_ = gate.lost();
    if (rc_ == 0)
      rc_ = mdb_txn_begin(env(), nullptr, flags, &txn_);
    if (rc_ != MDB_MAP_RESIZED) // another process let the file outgrow our map
      return;
    pass_.reset();
    rc_ = gate.resize(env(), 0);
    pass_.emplace(gate);
    if (rc_ == 0)
      rc_ = mdb_txn_begin(env(), nullptr, flags, &txn_);
  }

  std::optional<map_gate::pass> pass_;
  MDB_txn* txn_ = nullptr;
  int rc_ = 0;
};

struct cursor_closer {
  void operator()(MDB_cursor* cursor) const { mdb_cursor_close(cursor); }
};
using cursor = std::unique_ptr<MDB_cursor, cursor_closer>;

} // namespace sluice::storage
