#include "storage/consensus/steps.hpp"

namespace sluice::storage {

std::vector<table_name> consensus_step_tables() {
  using namespace tables;
  return names_of(consensus_steps, consensus_status);
}

SLUICE_ROWS_CODED_HERE(consensus_step)
SLUICE_ROWS_CODED_HERE(intake_status)

} // namespace sluice::storage
