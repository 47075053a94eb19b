// Archive before delete, and the snapshots that are kept for a while.
#include "storage/trading/book_rows.hpp"
#include "storage/trading/plan.hpp"
#include "storage/trading/tables.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace sluice::storage {

namespace {

/// A book in two parts: what is archived, and what goes on.
struct divided_book {
  archive_summary summary;
  book_base base;
  std::vector<book_event> rest;
};

divided_book divide_book(const ledger_setup& setup, const book_facts& facts, stored_book&& book,
                         int64_t before_us) {
  const auto& terms = setup.terms;
  const auto first_kept
    = std::find_if(book.events.begin(), book.events.end(),
                   [before_us](const book_event& x) { return x.time_us >= before_us; });
  divided_book out;
  out.rest.assign(std::make_move_iterator(first_kept), std::make_move_iterator(book.events.end()));
  book.events.erase(first_kept, book.events.end());
  auto lots = book.base ? lot_book{terms.ledger, *book.base} : lot_book{terms.ledger};
  auto outcomes = book.base ? book.base->outcomes : std::array<uint64_t, event_outcomes>{};
  for (const auto& x : book.events) {
    const auto outcome = outcome_of(facts, x.time_us, terms.now_us);
    ++outcomes.at(static_cast<size_t>(outcome));
    if (outcome == event_outcome::applied)
      lots.apply(x);
  }
  auto& summary = out.summary;
  summary.hotkey = facts.hotkey;
  summary.before_us = before_us;
  summary.events = book.events.size();
  summary.trades = lots.trades().size();
  for (const auto& trade : lots.trades())
    summary.legs += trade.legs.size();
  for (const auto& lot : lots.lots()) {
    if (status_of(lot) != lot_status::closed)
      continue;
    ++summary.lots;
    summary.total_tao += lot.tao;
    summary.total_alpha += lot.alpha;
    summary.pnl += lot.real_pnl;
    summary.cost += lot.cost_sold;
    summary.seconds += (lot.closed_us - lot.entry_us) / us_per_second;
  }
  out.base = lots.base(before_us);
  out.base.outcomes = outcomes;
  return out;
}

result<bool> has_events_before(const data_dir& disk, const book_id& id, int64_t before_us) {
  bool found = false;
  const auto walked = tables::trading_events.for_prefix(
    disk, std::tuple{id.coldkey, id.netuid}, [&](const book_event_key& key, const book_event&) {
      found = key.time_us < before_us;
      return false;
    });
  if (!walked)
    return walked.error();
  return found;
}

/// Everything of one book: archived first, then deleted (trades with their legs, lots, events).
result<uint64_t> archive_book(const data_dir& disk, const ledger_setup& setup, const book_id& id,
                              int64_t before_us, key_store& keys, batch& out) {
  auto stored = read_book(disk, id);
  if (!stored)
    return stored.error();
  const auto facts = facts_of(setup.world, keys.text_of(id.coldkey), id.netuid);
  const auto divided = divide_book(setup, facts, *std::move(stored), before_us);
  tables::trading_archive.put(out, {id.coldkey, id.netuid, before_us}, divided.summary);
  tables::trading_bases.put(out, id, divided.base);
  const auto derived
    = derive_book(setup.terms.ledger, facts, setup.terms.now_us, &divided.base, divided.rest);
  auto rows = rows_of_book(id, divided.rest, derived, true);
  if (auto written = write_book(disk, id, std::move(rows), &out); !written)
    return written.error();
  return divided.summary.events;
}

result<nothing> delete_snapshots(const data_dir& disk, int64_t before_us, batch& out) {
  return tables::trading_snapshots.for_each(
    disk, [&](const snapshot_key& key, const performance_snapshot&) {
      if (key.time_us < before_us)
        tables::trading_snapshots.erase(out, key);
    });
}

} // namespace

result<uint64_t>
archive_events(const data_dir& disk, const ledger_setup& setup, int64_t before_us,
               int64_t snapshots_before_us, const batch_sink& sink, size_t writes_max) {
  if (before_us > setup.terms.now_us)
    return fault{ec::invalid_argument, "what is still to come cannot be archived"};
  const auto ids = all_book_ids(disk);
  if (!ids)
    return ids.error();
  key_store keys{disk};
  uint64_t events = 0;
  batch out;
  const auto send = [&]() -> result<nothing> {
    if (out.writes.empty())
      return nothing{};
    auto sent = sink(std::move(out));
    out = {};
    return sent;
  };
  for (const auto& id : *ids) {
    const auto due = has_events_before(disk, id, before_us);
    if (!due)
      return due.error();
    if (!*due)
      continue;
    const auto archived = archive_book(disk, setup, id, before_us, keys, out);
    if (!archived)
      return archived.error();
    events += *archived;
    if (out.writes.size() >= writes_max)
      if (auto sent = send(); !sent)
        return sent.error();
  }
  if (auto done = delete_snapshots(disk, snapshots_before_us, out); !done)
    return done.error();
  if (auto sent = send(); !sent)
    return sent.error();
  return events;
}

result<batch> plan_snapshots(const data_dir& disk, const ledger_setup& setup,
                             int64_t window_start_us, int64_t now_us) {
  if (window_start_us >= now_us)
    return fault{ec::invalid_argument, "a window must begin before it ends"};
  batch out;
  for (const auto& x : setup.world.identities) {
    if (!x.registered)
      continue;
    std::vector<trading_lot> lots;
    const auto number = key_number(x.coldkey);
    if (const auto* one = credited(setup.world, x.coldkey); one && *one == x) {
      const auto read = tables::trading_lots.for_prefix(
        disk, std::tuple{number},
        [&lots](const book_row_key&, trading_lot&& lot) { lots.push_back(std::move(lot)); });
      if (!read)
        return read.error();
    }
    tables::trading_snapshots.put(out, {number, x.hotkey, now_us},
                                  snapshot_of(x.hotkey, window_start_us, now_us, lots));
  }
  return out;
}

} // namespace sluice::storage
