#include "storage/tables.hpp"

namespace sluice::storage {

SLUICE_ROWS_CODED_HERE(mechanism_scores)
SLUICE_ROWS_CODED_HERE(publish_record)
SLUICE_ROWS_CODED_HERE(weight_parts)
SLUICE_ROWS_CODED_HERE(gateway_incarnation)
SLUICE_ROWS_CODED_HERE(ban_record)
SLUICE_ROWS_CODED_HERE(admin_action)
SLUICE_ROWS_CODED_HERE(adopted_config)
SLUICE_ROWS_CODED_HERE(allowed_record)
SLUICE_ROWS_CODED_HERE(journal_entry)
SLUICE_ROWS_CODED_HERE(dev_chain)
SLUICE_ROWS_CODED_HERE(inclusion)

} // namespace sluice::storage
