/// A book of lots: what a miner bought and sold of one subnet's alpha, first in first out, exact.
#pragma once

#include "rules/fields.hpp"
#include "rules/math/u256.hpp"
#include "rules/result.hpp"
#include "rules/trading/config.hpp"
#include "rules/trading/event.hpp"
#include "rules/trading/world.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice {

/// A key in 64 bits: the first eight bytes, big endian, of the SHA-256 of its text. Two keys of one
/// ledger with the same number are refused where events are stored (storage/trading/plan.hpp).
uint64_t key_number(std::string_view key);

/// A book: the lots of a coldkey's credited identity on one netuid. The hotkey staked to is no
/// part of it (A3.4).
struct book_id {
  uint64_t coldkey = 0; // key_number
  uint16_t netuid = 0;
  SLUICE_FIELDS(coldkey, netuid)
  friend auto operator<=>(const book_id&, const book_id&) = default;
};

/// An event inside its book. Ranges as trading_event.
struct book_event {
  int64_t time_us = 0;
  uint64_t block = 0; // 0: unknown
  int64_t tao = 0;
  int64_t alpha = 0;
  int64_t fee = 0;
  uint64_t hotkey = 0;       // key_number of the one staked to
  uint32_t index_plus_1 = 0; // of the event; 0: unknown
  stake_action action = stake_action::stake;
  std::string extrinsic;
  SLUICE_FIELDS(time_us, block, tao, alpha, fee, hotkey, index_plus_1, action, extrinsic)
  bool operator==(const book_event&) const = default;
};

/// States of a lot (A3b): open, partial, closed; closed is terminal.
enum class lot_status : uint8_t {
  open = 0, // nothing of it is sold
  partial,
  closed, // nothing is left
};

constexpr bool known(lot_status x) {
  return static_cast<uint8_t>(x) <= static_cast<uint8_t>(lot_status::closed);
}

/// "open", "partial", "closed".
std::string_view name_of(lot_status x);

inline constexpr int64_t not_closed = std::numeric_limits<int64_t>::min();

/// One stake and what became of it. All amounts in rao or alpha units. Invariants: alpha = sold +
/// rest + dust; of cost (tao + fee) `cost_sold` went to legs, `dust_cost` is that of the dust.
struct trading_lot {
  uint32_t number = 0; // in its book, in order of opening, from 0; archived ones count
  uint32_t legs = 0;
  int64_t entry_us = 0;
  uint64_t entry_block = 0; // 0: unknown
  int64_t tao = 0;          // paid, without the fee
  int64_t fee = 0;
  int64_t alpha = 0;
  int64_t rest = 0;               // alpha that is not sold
  int64_t dust = 0;               // alpha that was closed away
  int64_t cost_sold = 0;          // of what was sold, whole rao
  int64_t real_pnl = 0;           // sum over all legs
  int64_t scored_pnl = 0;         // sum over legs that were held long enough
  int64_t scored_cost = 0;        // of these
  int64_t closed_us = not_closed; // time of the trade that closed it
  uint64_t hotkey = 0;            // key_number of the one staked to
  std::string extrinsic;
  SLUICE_FIELDS(number, legs, entry_us, entry_block, tao, fee, alpha, rest, dust, cost_sold,
                real_pnl, scored_pnl, scored_cost, closed_us, hotkey, extrinsic)
  bool operator==(const trading_lot&) const = default;

  int64_t cost() const { return tao + fee; }
  int64_t sold() const { return alpha - rest - dust; }
};

lot_status status_of(const trading_lot& x);

/// A lot that is not closed and older than this is flagged in reports, and nothing else (A3b).
inline constexpr int64_t stale_after_us = 30 * us_per_day;
bool is_stale(const trading_lot& x, int64_t now_us);

/// What one trade took from one lot. `tao` and `cost` are whole rao from running remainders (the
/// floor of the cumulative share, less what was given before): the legs of a lot or of a trade add
/// up to the whole, and each is within one rao of the exact share.
struct trading_leg {
  uint32_t lot = 0; // its number
  int64_t alpha = 0;
  int64_t tao = 0;
  int64_t cost = 0;
  int64_t duration_s = 0; // whole seconds, floor
  bool min_blocks_met = false;
  bool won = false; // the exact P/L is above 0
  SLUICE_FIELDS(lot, alpha, tao, cost, duration_s, min_blocks_met, won)
  bool operator==(const trading_leg&) const = default;

  int64_t pnl() const { return tao - cost; }
};

/// One unstake that closed something.
struct trading_trade {
  uint32_t number = 0; // in its book, from 0; archived ones count
  int64_t exit_us = 0;
  uint64_t exit_block = 0;
  int64_t tao = 0; // received, before the fee
  int64_t fee = 0;
  int64_t alpha = 0;
  int64_t unmatched = 0; // alpha that no lot was there for; its TAO goes nowhere
  uint64_t hotkey = 0;
  std::string extrinsic;
  std::vector<trading_leg> legs; // first in first out
  SLUICE_FIELDS(number, exit_us, exit_block, tao, fee, alpha, unmatched, hotkey, extrinsic, legs)
  bool operator==(const trading_trade&) const = default;
};

/// Sums over a book, archived parts included. 128 bits: no sum of events overflows.
struct book_totals {
  uint64_t trades = 0;
  uint64_t legs = 0;
  uint64_t scored_legs = 0; // held long enough
  uint64_t won_legs = 0;    // of these, with an exact P/L above 0
  uint64_t lots = 0;
  uint64_t open = 0; // lots of each status
  uint64_t partial = 0;
  uint64_t closed = 0;
  uint64_t ignored_unstakes = 0; // no lot was there
  uint64_t refused_unstakes = 0; // larger than all lots, with over_close::strict
  i128 volume_tao = 0;           // entered, over all lots, without fees
  i128 volume_alpha = 0;
  i128 remaining_alpha = 0;
  i128 remaining_cost = 0; // of what is left: cost less what was sold and dust
  i128 dust_alpha = 0;     // closed away
  i128 dust_cost = 0;      // its cost, which is in no leg
  i128 unmatched_alpha = 0;
  i128 unmatched_tao = 0; // of trades, ignored and refused unstakes: received for no lot
  i128 ignored_alpha = 0; // of ignored and refused unstakes
  i128 real_pnl = 0;
  i128 scored_pnl = 0;
  i128 scored_cost = 0;
  i128 scored_seconds = 0; // sum of durations
  SLUICE_FIELDS(trades, legs, scored_legs, won_legs, lots, open, partial, closed, ignored_unstakes,
                refused_unstakes, volume_tao, volume_alpha, remaining_alpha, remaining_cost,
                dust_alpha, dust_cost, unmatched_alpha, unmatched_tao, ignored_alpha, real_pnl,
                scored_pnl, scored_cost, scored_seconds)
  bool operator==(const book_totals&) const = default;

  void add(const book_totals& other);
};

/// The lots that were closed on one UTC date: all of their legs, whenever these were.
struct closing_day {
  int32_t day = 0; // days since 1970-01-01
  uint64_t lots = 0;
  i128 scored_pnl = 0;
  i128 scored_cost = 0;
  SLUICE_FIELDS(day, lots, scored_pnl, scored_cost)
  bool operator==(const closing_day&) const = default;
};

/// The UTC date of a time, as days since 1970-01-01; floor.
constexpr int32_t utc_day(int64_t time_us) {
  return static_cast<int32_t>(time_us >= 0 ? time_us / us_per_day
                                           : (time_us - us_per_day + 1) / us_per_day);
}

/// What is left of a book whose older events were archived: the lots that are not closed, and the
/// sums over everything before.
struct book_base {
  int64_t before_us = 0;         // events before this moment are archived
  std::vector<trading_lot> lots; // open and partial, in order
  uint32_t next_lot = 0;
  uint32_t next_trade = 0;
  book_totals totals;
  std::vector<closing_day> days;
  std::array<uint64_t, event_outcomes> outcomes{};
  SLUICE_FIELDS(before_us, lots, next_lot, next_trade, totals, days, outcomes)
  bool operator==(const book_base&) const = default;
};

/// Applies events to a book, one after the other, in ledger order.
class lot_book {
public:
  explicit lot_book(const lot_terms& terms) : terms_(terms) {}
  lot_book(const lot_terms& terms, const book_base& base);

  /// The event must be in ledger order after those before it; not checked. Amounts are in the
  /// ranges of trading_event.
  void apply(const book_event& event);

  /// Lots of this book, closed ones too unless they were taken; those of the base first.
  const std::vector<trading_lot>& lots() const { return lots_; }
  const std::vector<trading_trade>& trades() const { return trades_; }
  const book_totals& totals() const { return totals_; }
  const std::vector<closing_day>& days() const { return days_; }

  /// Takes them out of the book, which is not to be used any more.
  void hand_over(std::vector<trading_lot>& lots, std::vector<trading_trade>& trades,
                 std::vector<closing_day>& days) {
    lots = std::move(lots_);
    trades = std::move(trades_);
    days = std::move(days_);
  }

  /// Forgets closed lots and all trades, for whoever only needs the present.
  void drop_closed();
  /// What a book goes on from after its events so far are archived.
  book_base base(int64_t before_us) const;
  /// Space for this many lots and trades.
  void reserve(size_t lots, size_t trades);

private:
  void open(const book_event& event);
  void close(const book_event& event);
  void
  take(trading_lot& lot, const book_event& event, trading_trade& trade, int64_t alpha, int64_t tao);
  void finish(trading_lot& lot, int64_t time_us);

  lot_terms terms_;
  std::vector<trading_lot> lots_;
  std::vector<trading_trade> trades_;
  std::vector<closing_day> days_;
  book_totals totals_;
  size_t first_open_ = 0; // index of the oldest lot that is not closed
  i128 open_alpha_ = 0;   // over these
  uint32_t next_lot_ = 0;
  uint32_t next_trade_ = 0;
};

/// Was it held long enough? By blocks where both are known, else by whole seconds / block_seconds.
bool held_long_enough(const lot_terms& terms, int64_t entry_us, uint64_t entry_block,
                      int64_t exit_us, uint64_t exit_block);

/// The whole book: outcomes of its events, and lots, trades and sums of those that are applied.
struct derived_book {
  book_facts facts;
  std::array<uint64_t, event_outcomes> outcomes{}; // by event_outcome, archived ones included
  std::optional<int64_t> next_future_us;           // the first event that is later than now
  std::vector<trading_lot> lots;
  std::vector<trading_trade> trades;
  book_totals totals;
  std::vector<closing_day> days; // ascending
};

/// `events` in ledger order. `base` may be null.
derived_book derive_book(const lot_terms& terms, const book_facts& facts, int64_t now_us,
                         const book_base* base, std::span<const book_event> events);

} // namespace sluice
