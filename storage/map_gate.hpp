/// Lets transactions through, and changes the size of the map only when none is inside.
#pragma once

#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <lmdb.h>
#include <mutex>

namespace sluice::storage {

class map_gate {
public:
  /// A transaction keeps one of these for as long as it exists. A thread may hold several: new ones
  /// are never kept waiting by a resize that is itself waiting.
  class pass {
  public:
    explicit pass(map_gate& gate) : gate_(gate) {
      std::lock_guard lock{gate_.mutex_};
      ++gate_.inside_;
    }
    pass(const pass&) = delete;
    ~pass() {
      std::lock_guard lock{gate_.mutex_};
      if (--gate_.inside_ == 0)
        gate_.left_.notify_all();
    }

  private:
    map_gate& gate_;
  };

  /// Runs `change` when no transaction of this process is open; new ones wait until it is through.
  /// Answers what it answers, EBUSY when somebody stays inside for longer than `patience`.
  template <class F>
  int alone(F change) {
    std::unique_lock lock{mutex_};
    if (!left_.wait_for(lock, patience, [this] { return inside_ == 0; }))
      return EBUSY;
    return change();
  }

  /// LMDB demands that no transaction of this process is open. `bytes` 0: take over the size that
  /// another process has chosen. Answers 0, EBUSY or the code of mdb_env_set_mapsize: LMDB has let
  /// go of the old map by then, so from there on the file cannot be reached (`lost`). Less than is
  /// in use is raised to that by LMDB.
  int resize(MDB_env* env, size_t bytes) {
    return alone([&] {
      if (lost_ == 0)
        lost_ = mdb_env_set_mapsize(env, bytes);
      return lost_.load();
    });
  }

  /// 0, or why there is no map any more: no call that looks at pages may be made then. For good.
  int lost() const { return lost_; }

private:
  static constexpr std::chrono::seconds patience{30};
  std::mutex mutex_;
  std::condition_variable left_;
  size_t inside_ = 0;
  std::atomic<int> lost_{0};
};

} // namespace sluice::storage
