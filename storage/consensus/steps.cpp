#include "storage/consensus/steps.hpp"

namespace sluice::storage {

std::vector<table_name> consensus_step_tables() {
  using namespace tables;
  return names_of(consensus_steps, consensus_status, consensus_checksums);
}

uint64_t report_checksum(const status_report& x) {
  uint64_t hash = 14'695'981'039'346'656'037U;
  for (const char c : encode(x)) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 1'099'511'628'211U;
  }
  return hash;
}

SLUICE_ROWS_CODED_HERE(consensus_step)
SLUICE_ROWS_CODED_HERE(intake_status)

} // namespace sluice::storage
