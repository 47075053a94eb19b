#include "storage/leads/tables.hpp"

#include "storage/leads/queues.hpp"

namespace sluice::storage {

schema_part leads_schema() {
  using namespace tables;
  schema_part part{
    names_of(lead_results, lead_pool, lead_publishes, lead_flow, lead_counters, lead_names), {}};
  const auto queues = queue_tables();
  part.tables.insert(part.tables.end(), queues.begin(), queues.end());
  return part;
}

std::string tables::intake_key(intake_verdict x) {
  return "intake_" + std::string{name_of(x)};
}

SLUICE_ROWS_CODED_HERE(stored_result)
SLUICE_ROWS_CODED_HERE(pool_lead)
SLUICE_ROWS_CODED_HERE(lead_publish)
SLUICE_ROWS_CODED_HERE(flow_record)

} // namespace sluice::storage
