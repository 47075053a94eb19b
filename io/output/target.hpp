/// Where a writer's bytes go: a descriptor, or a file that is changed now and then.
#pragma once

#include <cstddef>
#include <string_view>

namespace sluice::io {

/// How one attempt to write went. `bytes`: that were taken, from 0; `error`: of errno(3), 0 when
/// there was none. Both 0: nothing could be taken, try again.
struct write_outcome {
  size_t bytes = 0;
  int error = 0;
};

/// Used by one thread, the writer's.
class output_target {
public:
  virtual ~output_target() = default;

  /// Waits until bytes may be taken, `bell` can be read from, or `wait_ms` milliseconds are over
  /// (from 0). True: bytes may be taken, or the attempt will say why not.
  virtual bool wait(int bell, int wait_ms) = 0;
  /// Any number of bytes, also none.
  virtual write_outcome write(std::string_view text) = 0;
  /// What is at its name may be another file now (SIGHUP).
  virtual void reopen() {}
};

/// A descriptor of others: a pipe, a terminal, a file. Its O_NONBLOCK stays as it is, because it is
/// shared with whoever else has the descriptor: a pipe or terminal gets at most as many bytes at a
/// time as it takes without waiting once it can be written to. All the same a write may wait (a
/// file system that stands; another process that fills the pipe first).
class descriptor_target final : public output_target {
public:
  /// `to`: open for as long as this exists; it stays the caller's.
  explicit descriptor_target(int to);

  bool wait(int bell, int wait_ms) override;
  write_outcome write(std::string_view text) override;

private:
  int to_;
  size_t bytes_max_; // of one write
};

} // namespace sluice::io
