#include "storage/leads/steps.hpp"

namespace sluice::storage {

std::vector<table_name> step_tables() {
  using namespace tables;
  return names_of(lead_steps, lead_intakes);
}

SLUICE_ROWS_CODED_HERE(lead_step)
SLUICE_ROWS_CODED_HERE(intake_report)

} // namespace sluice::storage
