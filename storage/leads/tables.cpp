#include "storage/leads/tables.hpp"

namespace sluice::storage {

schema_part leads_schema() {
  using namespace tables;
  return {names_of(lead_results, lead_pool, lead_publishes, lead_flow, lead_counters, lead_names),
          {}};
}

std::string tables::intake_key(intake_verdict x) {
  return "intake_" + std::string{name_of(x)};
}

SLUICE_ROWS_CODED_HERE(stored_result)
SLUICE_ROWS_CODED_HERE(pool_lead)
SLUICE_ROWS_CODED_HERE(lead_publish)
SLUICE_ROWS_CODED_HERE(flow_record)

} // namespace sluice::storage
