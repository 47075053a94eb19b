/// The rounds of a backtest, as many as there are: few in memory, many in a file without a name.
#pragma once

#include "io/text/spool.hpp"
#include "sim/evaluate/backtest.hpp"

#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace sluice::tools {

/// One player in one round: what is kept of a play. `invalid` counts refused proposals, `rank` is
/// from 1 (0: not scored), `score` from -100 to 10 by the default score_terms, 0 unless scored.
/// Amounts are in smallest units (sim/evaluate/backtest.hpp). Errors: none.
struct backtest_cell {
  miner_verdict verdict = miner_verdict::scored;
  std::string note;
  uint32_t invalid = 0;
  uint32_t rank = 0;
  double score = 0;
  plan_metrics metrics;
  backtest_total total;
};

/// Blocks are the market's, both included; with bars their number is unix time / 60. Prices are
/// token1 per token0 in smallest units, Q64.96. Errors: none.
struct backtest_round {
  round_no number;
  uint64_t start_block = 0;
  uint64_t end_block = 0;
  uint64_t start_time = 0; // unix seconds; 0 when the market knows none
  uint64_t end_time = 0;   // when the next round begins
  price_point start;
  price_point end;
  std::vector<backtest_cell> cells; // one per player
};

/// Written once, read anywhere; some 600 bytes a cell. A file that cannot be read any more shows
/// as broken(), what was read then means nothing.
class backtest_rounds {
public:
  /// Adds a round behind the last one; all have as many cells (not checked). The errors are those
  /// of io/text/spool.
  result<nothing> add(const backtest_round& round);
  /// Counts a round of which only the first and the last are asked for, without cells.
  void count(const backtest_round& round);

  size_t size() const { return size_; }
  /// Round `index`, 0 to size() - 1 (not checked), with all cells: added, not only counted.
  backtest_round operator[](size_t index) const;
  /// The same without cells.
  backtest_round head(size_t index) const;
  /// One cell; `player` counts from 0, not checked.
  backtest_cell cell(size_t index, size_t player) const;
  /// The first and the last, without cells; there must be one (not checked).
  const backtest_round& first() const { return first_; }
  const backtest_round& last() const { return last_; }

  /// Why something could not be read.
  const std::optional<fault>& broken() const { return broken_; }

  /// One round after the other, with all cells.
  class iterator {
  public:
    using iterator_category = std::input_iterator_tag;
    using difference_type = ptrdiff_t;
    using value_type = backtest_round;
    using pointer = void;
    using reference = backtest_round;

    iterator(const backtest_rounds& of, size_t index) : of_(&of), index_(index) {}
    backtest_round operator*() const { return (*of_)[index_]; }
    iterator& operator++() {
      ++index_;
      return *this;
    }
    bool operator==(const iterator& other) const { return index_ == other.index_; }

  private:
    const backtest_rounds* of_;
    size_t index_;
  };
  iterator begin() const { return {*this, 0}; }
  iterator end() const { return {*this, size_}; }

private:
  bool fetch(const io::spool& from, uint64_t at, std::span<char> into) const;
  backtest_cell unpacked(const char* bytes) const;
  uint64_t round_bytes() const;

  io::spool rows_{16 << 20};
  io::spool notes_;
  size_t size_ = 0;
  size_t players_ = 0;
  backtest_round first_;
  backtest_round last_;
  mutable std::optional<fault> broken_;
};

} // namespace sluice::tools
