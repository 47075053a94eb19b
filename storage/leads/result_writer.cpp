#include "storage/leads/result_writer.hpp"

#include "storage/leads/recall.hpp"
#include "storage/leads/tables.hpp"

#include <tuple>

namespace sluice::storage {

namespace {

/// FNV-1a: finds candidates, which are then compared.
uint64_t digest_of_document(const curation_result& x) {
  uint64_t hash = 14'695'981'039'346'656'037U;
  for (const char c : encode(x)) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 1'099'511'628'211U;
  }
  return hash;
}

} // namespace

result<result_writer::request*> result_writer::find_request(const std::string& id) {
  if (const auto known = requests_.find(id); known != requests_.end())
    return &known->second;
  request made;
  auto walked = tables::lead_results.for_prefix(
    disk_, std::tuple{id}, [&](const lead_result_key& key, const stored_result& row) {
      made.unmet.emplace(digest_of_document(row.document), key.number);
      made.next = key.number + 1;
    });
  if (!walked)
    return walked.error();
  return &(requests_[id] = std::move(made));
}

result<bool> result_writer::is_stored(const curation_result& x, request& of) {
  if (of.unmet.empty())
    return false;
  auto [at, end] = of.unmet.equal_range(digest_of_document(x));
  for (; at != end; ++at) {
    auto row = tables::lead_results.get(disk_, {x.request_id, at->second});
    if (!row)
      return row.error();
    if (row->document == x) {
      of.unmet.erase(at);
      return true;
    }
  }
  return false;
}

result<bool> result_writer::add(const curation_result& x, uint64_t stored_ms) {
  if (auto fits = check_bounds(x); !fits)
    return fits.error();
  if (!next_arrival_) {
    const auto stored = stored_results(disk_);
    if (!stored)
      return stored.error();
    next_arrival_ = *stored;
  }
  const auto of = find_request(x.request_id);
  if (!of)
    return of.error();
  const auto stored = is_stored(x, **of);
  if (!stored)
    return stored.error();
  if (*stored) {
    ++repeated_;
    return false;
  }
  batch one;
  tables::lead_results.put(one, {x.request_id, (*of)->next++},
                           {(*next_arrival_)++, stored_ms, origin_, x});
  planned_.push_back(std::move(one.writes.front()));
  ++added_;
  return true;
}

batch result_writer::take() {
  batch all;
  if (planned_.empty())
    return all;
  all.writes.swap(planned_);
  tables::lead_counters.put(all, tables::lead_results_key, *next_arrival_);
  return all;
}

} // namespace sluice::storage
