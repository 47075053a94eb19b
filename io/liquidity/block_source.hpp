/// Blocks of a feed, one after the other: a market, recorded events, or minute bars.
#pragma once

#include "rules/liquidity/config.hpp"
#include "rules/pool/pool_event.hpp"
#include "rules/result.hpp"
#include "sim/evaluate/market.hpp"
#include "sim/evaluate/window.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::io {

class block_source {
public:
  virtual ~block_source() = default;
  /// The next block in ascending order of its number; none at the end of a recording. ec::bad_input
  /// when a recording does not ascend; a market has no errors.
  virtual result<std::optional<feed_block>> next() = 0;
  /// Bytes from which the same feed continues after the last block that next() gave.
  virtual std::string cursor() const = 0;
  /// Number of the last block there will be (0 of an empty recording); none for a market, which
  /// never ends.
  virtual std::optional<uint64_t> last_block() const = 0;
  /// Does it never end?
  virtual bool endless() const = 0;
};

/// A market from block 0 on, of terms without a market_fault (not checked) and any seed.
std::unique_ptr<block_source> market_source(const market_terms& terms, uint64_t seed);
/// Continues where `cursor` was taken, with the pool as it stood there; `ec::corrupt_data` when it
/// is no cursor of a market, or the pool stands elsewhere.
result<std::unique_ptr<block_source>> market_source(std::string_view cursor, const pool& at);

/// `blocks` in ascending order; `name` is for errors. The cursor is the number of the last block
/// given, in decimals; "" before the first.
std::unique_ptr<block_source> recorded_source(std::vector<feed_block> blocks, std::string name);
/// Continues after `cursor`; `ec::corrupt_data` when that is not the number of one of the blocks.
result<std::unique_ptr<block_source>>
recorded_source(std::vector<feed_block> blocks, std::string name, std::string_view cursor);

/// The market that a job with a market feed runs on, in the units of market_terms; not checked.
market_terms market_terms_of(const job_config& job);

/// A feed before its first block.
struct feed_opening {
  std::unique_ptr<block_source> source;
  pool_terms terms;         // events: fee and tick spacing are the recording's own
  replica start;            // before the first block of `source`
  uint64_t first_block = 0; // number of the first block a round can start in
  std::string title;        // what the user is shown
};

/// Opens the feed of a job, files included. Faults are those of the files, with their lines, or
/// ec::bad_input for what the job states.
result<feed_opening> open_feed(const job_config& job);

/// Only the source, continuing after the block where `cursor` was taken. `at`: the pool after that
/// block, which a market needs (null: there is none). ec::corrupt_data for a cursor of another
/// feed, ec::bad_input for a market with other terms, else as open_feed.
result<std::unique_ptr<block_source>>
reopen_feed(const job_config& job, std::string_view cursor, const pool* at);

/// What is wrong with a block of this feed, with the name of the file when it can only be one.
fault in_recording(const feed_config& feed, fault why);

} // namespace sluice::io
