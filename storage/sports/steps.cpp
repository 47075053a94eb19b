#include "storage/sports/steps.hpp"

namespace sluice::storage {

std::vector<table_name> sports_step_tables() {
  using namespace tables;
  return names_of(sports_steps);
}

SLUICE_ROWS_CODED_HERE(sports_step)

} // namespace sluice::storage
