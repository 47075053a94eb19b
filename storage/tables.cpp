#include "storage/tables.hpp"

namespace sluice::storage {

SLUICE_ROWS_CODED_HERE(score_sheet)
SLUICE_ROWS_CODED_HERE(publish_record)
SLUICE_ROWS_CODED_HERE(door_life)
SLUICE_ROWS_CODED_HERE(ban_record)
SLUICE_ROWS_CODED_HERE(admin_action)
SLUICE_ROWS_CODED_HERE(journal_entry)
SLUICE_ROWS_CODED_HERE(dev_chain)
SLUICE_ROWS_CODED_HERE(inclusion)

} // namespace sluice::storage
