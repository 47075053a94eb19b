#include "storage/data_dir.hpp"

#include "storage/compaction.hpp"
#include "storage/tables.hpp"

#include <algorithm>

namespace sluice::storage {

const environment* data_dir::find_store(std::string_view name) const {
  for (const auto& store : stores_)
    if (store.store() == name)
      return &store;
  return nullptr;
}

result<compaction> data_dir::compact(std::string_view store) {
  const auto at = std::ranges::find(stores_, store, &environment::store);
  if (at == stores_.end())
    return fault{ec::no_such_key, path_.string() + ": no store " + std::string{store}
                                    + "; there are " + std::string{node_store} + ", "
                                    + std::string{pool_events_store} + ", "
                                    + std::string{devchain_store}};
  if (auto ours = still_ours(); !ours)
    return ours.error();
  auto done = at->compact();
  remember_files(); // the exchange was ours
  return done;
}

result<nothing> data_dir::commit(const batch& writes) {
  return commit(std::span{&writes, 1});
}

result<nothing> data_dir::commit(std::span<const batch> batches) {
  if (auto ours = still_ours(); !ours)
    return ours.error();
  if (pending_)
    if (auto done = roll_forward(); !done)
      return done;
  std::vector<const write*> all;
  for (const auto& one : batches)
    for (const auto& w : one.writes)
      all.push_back(&w);
  return commit_all(std::move(all));
}

/// LMDB's transactions end at the file. Over several files: the node's own part and, as a journal
/// entry, everybody else's are one transaction; then the others take theirs over and note its
/// number.
result<nothing> data_dir::commit_all(std::vector<const write*> writes) {
  for (const auto* w : writes)
    if (!find_store(w->store))
      return fault{ec::invalid_argument, path_.string() + ": no store " + w->store};
  const auto is_node = [](const write* w) { return w->store == node_store; };
  const auto is_first = [&writes](const write* w) { return w->store == writes[0]->store; };
  if (std::all_of(writes.begin(), writes.end(), is_first)) {
    if (writes.empty())
      return nothing{};
    const auto store = std::find_if(stores_.begin(), stores_.end(),
                                    [&](const auto& s) { return s.store() == writes[0]->store; });
    return commit_numbered(*store, std::move(writes));
  }
  const auto others = std::stable_partition(writes.begin(), writes.end(), is_node);
  journal_entry entry{journal_no_ + 1, {}};
  for (auto i = others; i != writes.end(); ++i) {
    if (auto fits = find_store((*i)->store)->check(**i); !fits)
      return fits; // before the journal promises it
    entry.writes.push_back(**i);
  }
  batch noted;
  tables::journal.put(noted, tables::journal_key, entry);
  writes.erase(others, writes.end());
  writes.push_back(&noted.writes[0]);
  pending_ = true; // whatever a failed commit leaves: the journal on disk knows
  if (auto kept = commit_numbered(stores_[0], std::move(writes)); !kept)
    return kept;
  return roll_forward();
}

/// With the folder's next number, in the same transaction.
result<nothing> data_dir::commit_numbered(environment& store, std::vector<const write*> writes) {
  batch stamped;
  const auto number = last_ + 1;
  const bool has_stamp = !id_.empty() && store.has_checksums();
  if (has_stamp) {
    tables::stamp_in(store.store())
      .put(stamped, tables::stamp_key, stamp_of(store.store(), number));
    writes.push_back(&stamped.writes[0]);
  }
  if (auto kept = store.commit(std::span<const write* const>{writes}); !kept)
    return kept;
  if (has_stamp) {
    last_ = commits_[store.store()] = number;
    settled_ = false;
    note_commits();
  }
  return nothing{};
}

/// Idempotent: a store that has taken the entry over records it in the same transaction.
result<nothing> data_dir::roll_forward() {
  const auto entry = tables::journal.find(*this, tables::journal_key);
  if (!entry)
    return entry.error();
  journal_no_ = *entry ? (*entry)->number : 0;
  for (auto& store : stores_) {
    if (!*entry || store.store() == node_store)
      continue;
    std::vector<const write*> part;
    for (const auto& w : (*entry)->writes)
      if (w.store == store.store())
        part.push_back(&w);
    if (part.empty())
      continue;
    const auto done = tables::applied_in(store.store()).find(*this, tables::applied_key);
    if (!done)
      return done.error();
    if (done->value_or(0) >= journal_no_)
      continue;
    batch noted;
    tables::applied_in(store.store()).put(noted, tables::applied_key, journal_no_);
    part.push_back(&noted.writes[0]);
    if (auto kept = commit_numbered(store, std::move(part)); !kept)
      return kept;
  }
  pending_ = false;
  return nothing{};
}

} // namespace sluice::storage
