/// The blocks of a recording, read from its files once and played from the first as often as
/// wanted, in constant memory.
#pragma once

#include "io/text/spool.hpp"
#include "rules/pool/pool_event.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sluice::io {

/// What is known of a recording once it was read. `number` counts blocks as feed_block does, times
/// are unix seconds.
struct recording_facts {
  struct moment {
    uint64_t number = 0;
    uint64_t time = 0;
  };
  uint64_t first = 0; // number of the first block, and of the last
  uint64_t last = 0;
  std::optional<uint64_t> first_swap; // number of the first block with a swap
  std::optional<moment> first_timed;  // of the blocks whose time is known
  std::optional<moment> last_timed;
  std::optional<int32_t> first_open_tick; // of bars
  bool rewards = false;                   // does an event report rewards of a gauge?
  bool stakes = false;                    // or stakes?
};

/// Few blocks are kept in memory, many in a file without a name (io/text/spool), some 50 bytes an
/// event.
class recorded_blocks {
public:
  /// Keeps up to `memory_max` bytes of blocks in memory.
  explicit recorded_blocks(size_t memory_max = spool::memory_bytes) : bytes_(memory_max) {}

  /// Adds a block behind the last one. The errors are the spool's.
  result<nothing> add(const feed_block& block);
  /// Puts `block` in the place of block `index`, from 0, which exists and has the same number (not
  /// checked). For a few blocks only: these stay in memory.
  void replace(size_t index, feed_block block);

  size_t size() const { return count_; }
  bool empty() const { return count_ == 0; }
  const recording_facts& facts() const { return facts_; }

  /// One block after the other. The blocks must live on and not grow.
  class reader {
  public:
    explicit reader(const recorded_blocks& of) : of_(&of) {}
    /// The next block; none behind the last. The errors are the spool's, and ec::corrupt_data for
    /// bytes that add() did not write.
    result<std::optional<feed_block>> next();

  private:
    result<nothing> fill(size_t bytes);

    const recorded_blocks* of_;
    size_t index_ = 0;
    uint64_t at_ = 0;    // of the next bytes to read
    std::string buffer_; // read, but not decoded from begin_ on
    size_t begin_ = 0;
  };
  reader read() const { return reader{*this}; }
  /// All of them in memory, with the errors of a reader.
  result<std::vector<feed_block>> all() const;

private:
  void note_events(const feed_block& block);

  spool bytes_;
  size_t count_ = 0;
  recording_facts facts_;
  std::map<size_t, feed_block> replaced_;
  std::string scratch_;
};

} // namespace sluice::io
