#include "storage/consensus/tables.hpp"

namespace sluice::storage {

schema_part consensus_schema() {
  using namespace tables;
  return {names_of(consensus_reports, consensus_heads, consensus_validators, consensus_evidence,
                   consensus_counts),
          {}};
}

SLUICE_ROWS_CODED_HERE(status_report)
SLUICE_ROWS_CODED_HERE(report_head)
SLUICE_ROWS_CODED_HERE(validator_history)
SLUICE_ROWS_CODED_HERE(report_evidence)
SLUICE_ROWS_CODED_HERE(report_counts)

} // namespace sluice::storage
