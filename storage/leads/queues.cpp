#include "storage/leads/queues.hpp"

namespace sluice::storage {

std::vector<table_name> queue_tables() {
  using namespace tables;
  return names_of(lead_queue_items, lead_bodies, lead_answers, lead_validator_weights);
}

void add_changes(batch& out, const queue_changes& changes) {
  for (const auto& [key, x] : changes.items)
    x ? tables::lead_queue_items.put(out, key, *x) : tables::lead_queue_items.erase(out, key);
  for (const auto& [body, x] : changes.bodies)
    x ? tables::lead_bodies.put(out, body, *x) : tables::lead_bodies.erase(out, body);
  for (const auto& x : changes.results)
    tables::lead_answers.put(out, x.request_id, x);
}

SLUICE_ROWS_CODED_HERE(queued_item)
SLUICE_ROWS_CODED_HERE(remembered_body)
SLUICE_ROWS_CODED_HERE(request_result)
SLUICE_ROWS_CODED_HERE(stored_weights)

} // namespace sluice::storage
