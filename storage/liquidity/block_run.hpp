/// Blocks of a feed that follow one another, in one row and in few bytes.
#pragma once

#include "rules/pool/pool_event.hpp"
#include "storage/codec.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sluice {

/// Blocks in the order of the feed; at least one. Any values are stored exactly.
struct block_run {
  std::vector<feed_block> blocks;
  SLUICE_FIELDS(blocks)
  bool operator==(const block_run&) const = default;
};

namespace storage {

/// So long a row becomes at most, but for a block that is longer alone: four pages of LMDB, with
/// its header and a checksum of eight bytes.
inline constexpr size_t block_run_bytes_max = 4 * 4096 - 16 - 8;

/// The bytes of a run, block by block. What is as it was to be expected from the block, event or
/// swap before costs a bit: numbers that follow, times in even steps, the liquidity in range,
/// limits of the contract, amounts that a swap was asked for. Wide numbers have as many bytes as
/// they need, prices are differences. Layout: block_run.cpp.
class block_run_encoder {
public:
  block_run_encoder() { clear(); }

  /// Begins another run.
  void clear();
  void add(const feed_block& block);
  /// As `add`, unless the run would become longer than `bytes_max` and is not empty: then false,
  /// and the run is as it was.
  bool add_within(const feed_block& block, size_t bytes_max);
  bool empty() const { return state_.blocks == 0; }
  /// What decode<block_run> reads.
  const std::string& bytes() const { return bytes_; }

  /// What the next block is compared with. Not to be used by others.
  struct context {
    uint64_t blocks = 0;
    uint64_t number = 0;    // of the last block
    uint64_t time = 0;      // of the last block
    uint64_t time_step = 0; // from the one before to the last block
    uint64_t line = 0;      // of the last event, or bar
    u128 liquidity = 0;     // of the last swap
    u256 sqrt_price_x96;    // of the last event that states one
    uint32_t tick = 0;      // the same
    size_t owners = 0;      // addresses so far
  };

private:
  void put_block(const feed_block& block);
  void put_event(const pool_event& event, uint32_t expected_index);
  void put_owner(const address& owner);
  void put_bar(const price_bar& bar);

  context state_;
  std::vector<address> owners_;
  std::string bytes_;
};

/// A run as block_run_encoder writes it.
template <>
std::string encode(const block_run& x);

/// Safe on any bytes, as every decode; a run has one form only: decode(b) means encode == b.
template <>
result<block_run> decode(std::string_view bytes);

} // namespace storage
} // namespace sluice
