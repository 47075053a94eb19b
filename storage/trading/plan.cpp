#include "storage/trading/plan.hpp"

#include "storage/trading/book_rows.hpp"
#include "storage/trading/tables.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace sluice::storage {

namespace {

/// New events by book.
using grouped_events = std::map<book_id, std::vector<book_event>>;

/// Takes books one after the other and hands on batches that are large enough.
class ledger_planning {
public:
  ledger_planning(const data_dir& disk, const ledger_setup& setup, const batch_sink& sink,
                  size_t writes_max)
    : disk_(disk), setup_(setup), sink_(sink), writes_max_(std::max<size_t>(writes_max, 1)),
      keys_(disk), texts_(keys_.texts()) {}

  result<nothing> group(std::span<trading_event> events) {
    for (auto& x : events) {
      if (const auto why = rejection_of(x); why != row_rejection::none)
        return fault{ec::invalid_argument, "an event of extrinsic " + x.extrinsic + " has a "
                                             + std::string{name_of(why)} + " that cannot be"};
      const auto coldkey = keys_.number_of(x.coldkey);
      if (!coldkey)
        return coldkey.error();
      const auto hotkey = keys_.number_of(x.hotkey);
      if (!hotkey)
        return hotkey.error();
      groups_[{*coldkey, x.netuid}].push_back({x.time_us, x.block, x.tao, x.alpha, x.fee, *hotkey,
                                               x.index ? *x.index + 1 : 0, x.action,
                                               std::move(x.extrinsic)});
    }
    return nothing{};
  }

  /// Books whose stored rows were calculated with something else.
  result<nothing> add_stale(const std::optional<ledger_setup>& stored, bool all) {
    if (all || (stored && stored->terms.ledger != setup_.terms.ledger)
        || (stored && stored->terms.now_us > setup_.terms.now_us)) {
      const auto ids = all_book_ids(disk_);
      if (!ids)
        return ids.error();
      for (const auto& id : *ids)
        groups_[id];
      return nothing{};
    }
    return tables::trading_books.for_each(disk_, [this](const book_id& id, const book_record& x) {
      const bool due = x.next_future_us && *x.next_future_us <= setup_.terms.now_us;
      if (due || facts_of(setup_.world, keys_.text_of(id.coldkey), id.netuid) != x.facts)
        groups_[id];
    });
  }

  result<nothing> plan_books(const plan_progress& progress) {
    uint64_t total = 0;
    uint64_t done = 0;
    for (const auto& [id, events] : groups_)
      total += events.size();
    for (auto& [id, events] : groups_) {
      done += events.size();
      if (auto planned = plan_book(id, std::move(events)); !planned)
        return planned;
      if (out_.writes.size() >= writes_max_) {
        if (auto sent = send(); !sent)
          return sent;
        if (progress)
          progress(done, total);
      }
    }
    return nothing{};
  }

  void write_setup(const std::optional<ledger_setup>& stored) {
    if (!stored || stored->world != setup_.world)
      tables::trading_worlds.put(out_, tables::trading_now_key, setup_.world);
    if (!stored || stored->terms != setup_.terms)
      tables::trading_terms_of.put(out_, tables::trading_now_key, setup_.terms);
  }

  result<nothing> send() {
    if (out_.writes.empty())
      return nothing{};
    auto sent = sink_(std::move(out_));
    out_ = {};
    return sent;
  }

  plan_counts counts;

private:
  result<nothing> plan_book(const book_id& id, std::vector<book_event>&& more) {
    auto stored = read_book(disk_, id);
    if (!stored)
      return stored.error();
    const auto* base = stored->base ? &*stored->base : nullptr;
    if (base)
      counts.archived
        += std::erase_if(more, [base](const book_event& x) { return x.time_us < base->before_us; });
    const bool asked_for = more.empty(); // a rebuild, or other facts
    auto merged = merge_events(std::move(stored->events), std::move(more), texts_);
    counts.added += merged.added;
    counts.duplicates += merged.duplicates;
    if (!merged.changed && !asked_for)
      return nothing{};
    const auto facts = facts_of(setup_.world, keys_.text_of(id.coldkey), id.netuid);
    const auto derived
      = derive_book(setup_.terms.ledger, facts, setup_.terms.now_us, base, merged.events);
    keys_.write_new(out_);
    auto rows = rows_of_book(id, merged.events, derived, base != nullptr);
    const auto seen = write_book(disk_, id, std::move(rows), &out_);
    if (!seen)
      return seen.error();
    ++counts.books;
    counts.changed += seen->wrong() > 0 ? 1 : 0;
    return nothing{};
  }

  const data_dir& disk_;
  const ledger_setup& setup_;
  const batch_sink& sink_;
  size_t writes_max_;
  key_store keys_;
  key_texts texts_;
  grouped_events groups_;
  batch out_;
};

result<plan_counts>
store_all(const data_dir& disk, const ledger_setup& setup, std::span<trading_event> events,
          bool all, const batch_sink& sink, const plan_progress& progress, size_t writes_max) {
  const auto stored = stored_setup(disk);
  if (!stored)
    return stored.error();
  ledger_planning planning{disk, setup, sink, writes_max};
  if (auto done = planning.group(events); !done)
    return done.error();
  if (all || *stored != setup)
    if (auto done = planning.add_stale(*stored, all); !done)
      return done.error();
  if (!*stored) // whoever reads a first import that was cut off knows the miners
    planning.write_setup(*stored);
  if (auto done = planning.plan_books(progress); !done)
    return done.error();
  if (*stored) // last: until then the books that it changes are found again
    planning.write_setup(*stored);
  if (auto done = planning.send(); !done)
    return done.error();
  return planning.counts;
}

} // namespace

void plan_counts::add(const plan_counts& other) {
  added += other.added;
  duplicates += other.duplicates;
  archived += other.archived;
  books += other.books;
  changed += other.changed;
}

result<std::optional<ledger_setup>> stored_setup(const data_dir& disk) {
  auto world = tables::trading_worlds.find(disk, tables::trading_now_key);
  if (!world)
    return world.error();
  auto terms = tables::trading_terms_of.find(disk, tables::trading_now_key);
  if (!terms)
    return terms.error();
  if (!*world || !*terms)
    return std::optional<ledger_setup>{};
  return std::optional{ledger_setup{**std::move(world), **std::move(terms)}};
}

result<ledger_plan> plan_events(const data_dir& disk, const ledger_setup& setup,
                                std::span<const trading_event> events) {
  ledger_plan out;
  const batch_sink keep = [&out](batch&& x) {
    out.writes.writes.insert(out.writes.writes.end(), std::make_move_iterator(x.writes.begin()),
                             std::make_move_iterator(x.writes.end()));
    return nothing{};
  };
  std::vector<trading_event> own{events.begin(), events.end()};
  const auto counts = store_all(disk, setup, own, false, keep, {}, SIZE_MAX);
  if (!counts)
    return counts.error();
  out.counts = *counts;
  return out;
}

result<plan_counts>
store_events(const data_dir& disk, const ledger_setup& setup, std::vector<trading_event> events,
             const batch_sink& sink, const plan_progress& progress, size_t writes_max) {
  return store_all(disk, setup, events, false, sink, progress, writes_max);
}

result<plan_counts> store_setup(const data_dir& disk, const ledger_setup& setup, bool all,
                                const batch_sink& sink, size_t writes_max) {
  return store_all(disk, setup, {}, all, sink, {}, writes_max);
}

result<nothing> add_counts(const data_dir& disk,
                           std::span<const std::pair<std::string, uint64_t>> more, batch& out) {
  for (const auto& [name, count] : more) {
    if (count == 0)
      continue;
    const auto before = tables::trading_counts.find(disk, name);
    if (!before)
      return before.error();
    tables::trading_counts.put(out, name, before->value_or(0) + count);
  }
  return nothing{};
}

} // namespace sluice::storage
