#include "rules/trading/ledger.hpp"

#include "rules/chain/sha256.hpp"

#include <algorithm>
#include <tuple>

namespace sluice {

namespace {

/// floor(whole * part / of), exact; 0 <= part <= of, of > 0, whole >= 0.
int64_t share_of(int64_t whole, int64_t part, int64_t of) {
  return part == of ? whole : static_cast<int64_t>(static_cast<i128>(whole) * part / of);
}

} // namespace

uint64_t key_number(std::string_view key) {
  const auto digest = sha256(key);
  uint64_t number = 0;
  for (size_t i = 0; i < sizeof number; ++i)
    number = number << 8 | digest.at(i);
  return number;
}

std::string_view name_of(lot_status x) {
  constexpr std::array<std::string_view, 3> names{"open", "partial", "closed"};
  return names.at(static_cast<size_t>(x));
}

lot_status status_of(const trading_lot& x) {
  if (x.rest == 0)
    return lot_status::closed;
  return x.rest == x.alpha ? lot_status::open : lot_status::partial;
}

bool is_stale(const trading_lot& x, int64_t now_us) {
  return x.rest > 0 && now_us - x.entry_us > stale_after_us;
}

void book_totals::add(const book_totals& other) {
  const auto mine = fields();
  const auto more = other.fields();
  [&]<size_t... I>(std::index_sequence<I...>) {
    ((std::get<I>(mine) += std::get<I>(more)), ...);
  }
  (std::make_index_sequence<std::tuple_size_v<decltype(more)>>{});
}

bool held_long_enough(const lot_terms& terms, int64_t entry_us, uint64_t entry_block,
                      int64_t exit_us, uint64_t exit_block) {
  if (entry_block != 0 && exit_block != 0)
    return exit_block >= entry_block && exit_block - entry_block >= terms.min_hold_blocks;
  const int64_t seconds = std::max<int64_t>(exit_us - entry_us, 0) / us_per_second;
  return static_cast<uint64_t>(seconds) / std::max<uint64_t>(terms.block_seconds, 1)
         >= terms.min_hold_blocks;
}

lot_book::lot_book(const lot_terms& terms, const book_base& base)
  : terms_(terms), lots_(base.lots), days_(base.days), totals_(base.totals),
    next_lot_(base.next_lot), next_trade_(base.next_trade) {
  for (const auto& lot : lots_)
    open_alpha_ += lot.rest;
}

void lot_book::reserve(size_t lots, size_t trades) {
  lots_.reserve(lots_.size() + lots);
  trades_.reserve(trades_.size() + trades);
}

void lot_book::apply(const book_event& event) {
  if (event.action == stake_action::stake)
    open(event);
  else
    close(event);
}

void lot_book::open(const book_event& event) {
  auto& lot = lots_.emplace_back();
  lot.number = next_lot_++;
  lot.entry_us = event.time_us;
  lot.entry_block = event.block;
  lot.tao = event.tao;
  lot.fee = event.fee;
  lot.alpha = lot.rest = event.alpha;
  lot.hotkey = event.hotkey;
  lot.extrinsic = event.extrinsic;
  open_alpha_ += event.alpha;
  ++totals_.lots;
  ++totals_.open;
  totals_.volume_tao += event.tao;
  totals_.volume_alpha += event.alpha;
  totals_.remaining_alpha += event.alpha;
  totals_.remaining_cost += lot.cost();
}

void lot_book::close(const book_event& event) {
  const int64_t proceeds = event.tao - event.fee;
  const bool nothing_open = first_open_ == lots_.size();
  if (nothing_open || (terms_.rest == over_close::strict && event.alpha > open_alpha_)) {
    ++(nothing_open ? totals_.ignored_unstakes : totals_.refused_unstakes);
    totals_.ignored_alpha += event.alpha;
    totals_.unmatched_tao += proceeds;
    return;
  }
  auto& trade = trades_.emplace_back();
  trade.number = next_trade_++;
  trade.exit_us = event.time_us;
  trade.exit_block = event.block;
  trade.tao = event.tao;
  trade.fee = event.fee;
  trade.alpha = event.alpha;
  trade.hotkey = event.hotkey;
  trade.extrinsic = event.extrinsic;
  int64_t left = event.alpha;
  int64_t given = 0; // of the proceeds
  while (left > 0 && first_open_ < lots_.size()) {
    auto& lot = lots_[first_open_];
    const int64_t alpha = std::min(lot.rest, left);
    left -= alpha;
    const int64_t so_far = share_of(proceeds, event.alpha - left, event.alpha);
    take(lot, event, trade, alpha, so_far - given);
    given = so_far;
    if (lot.rest > 0)
      break;
    ++first_open_;
  }
  trade.unmatched = left;
  ++totals_.trades;
  totals_.unmatched_alpha += left;
  totals_.unmatched_tao += proceeds - given;
}

void lot_book::take(trading_lot& lot, const book_event& event, trading_trade& trade, int64_t alpha,
                    int64_t tao) {
  const bool was_open = lot.legs == 0;
  const int64_t cost_so_far = share_of(lot.cost(), lot.sold() + alpha, lot.alpha);
  auto& leg = trade.legs.emplace_back();
  leg.lot = lot.number;
  leg.alpha = alpha;
  leg.tao = tao;
  leg.cost = cost_so_far - lot.cost_sold;
  leg.duration_s = std::max<int64_t>(event.time_us - lot.entry_us, 0) / us_per_second;
  leg.min_blocks_met
    = held_long_enough(terms_, lot.entry_us, lot.entry_block, event.time_us, event.block);
  leg.won = static_cast<i128>(event.tao - event.fee) * lot.alpha
            > static_cast<i128>(lot.cost()) * event.alpha;
  lot.rest -= alpha;
  lot.cost_sold = cost_so_far;
  ++lot.legs;
  lot.real_pnl += leg.pnl();
  ++totals_.legs;
  totals_.real_pnl += leg.pnl();
  totals_.remaining_alpha -= alpha;
  totals_.remaining_cost -= leg.cost;
  open_alpha_ -= alpha;
  if (leg.min_blocks_met) {
    lot.scored_pnl += leg.pnl();
    lot.scored_cost += leg.cost;
    ++totals_.scored_legs;
    totals_.won_legs += leg.won ? 1 : 0;
    totals_.scored_pnl += leg.pnl();
    totals_.scored_cost += leg.cost;
    totals_.scored_seconds += leg.duration_s;
  }
  if (was_open) {
    --totals_.open;
    ++totals_.partial;
  }
  if (lot.rest <= terms_.dust_units)
    finish(lot, event.time_us);
}

/// The dust is closed away; its cost goes to no leg (README of the vectors, rule 5).
void lot_book::finish(trading_lot& lot, int64_t time_us) {
  lot.dust = lot.rest;
  lot.rest = 0;
  lot.closed_us = time_us;
  open_alpha_ -= lot.dust;
  totals_.remaining_alpha -= lot.dust;
  totals_.dust_alpha += lot.dust;
  totals_.remaining_cost -= lot.cost() - lot.cost_sold;
  totals_.dust_cost += lot.cost() - lot.cost_sold;
  --totals_.partial;
  ++totals_.closed;
  const int32_t day = utc_day(time_us);
  if (days_.empty() || days_.back().day != day)
    days_.push_back({day, 0, 0, 0});
  auto& closed = days_.back();
  ++closed.lots;
  closed.scored_pnl += lot.scored_pnl;
  closed.scored_cost += lot.scored_cost;
}

void lot_book::drop_closed() {
  lots_.erase(lots_.begin(), lots_.begin() + static_cast<std::ptrdiff_t>(first_open_));
  lots_.shrink_to_fit();
  trades_.clear();
  trades_.shrink_to_fit();
  days_.shrink_to_fit();
  first_open_ = 0;
}

book_base lot_book::base(int64_t before_us) const {
  book_base out;
  out.before_us = before_us;
  out.lots.assign(lots_.begin() + static_cast<std::ptrdiff_t>(first_open_), lots_.end());
  out.next_lot = next_lot_;
  out.next_trade = next_trade_;
  out.totals = totals_;
  out.days = days_;
  return out;
}

derived_book derive_book(const lot_terms& terms, const book_facts& facts, int64_t now_us,
                         const book_base* base, std::span<const book_event> events) {
  derived_book out;
  out.facts = facts;
  auto book = base ? lot_book{terms, *base} : lot_book{terms};
  if (base)
    out.outcomes = base->outcomes;
  for (const auto& event : events) {
    const auto outcome = outcome_of(facts, event.time_us, now_us);
    ++out.outcomes.at(static_cast<size_t>(outcome));
    if (outcome == event_outcome::applied)
      book.apply(event);
    else if (outcome == event_outcome::future && !out.next_future_us)
      out.next_future_us = event.time_us;
  }
  out.totals = book.totals();
  book.hand_over(out.lots, out.trades, out.days);
  return out;
}

} // namespace sluice
