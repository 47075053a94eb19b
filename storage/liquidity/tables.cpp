#include "storage/liquidity/tables.hpp"

namespace sluice::storage {

SLUICE_ROWS_CODED_HERE(job_record)
SLUICE_ROWS_CODED_HERE(round_record)
SLUICE_ROWS_CODED_HERE(prediction)
SLUICE_ROWS_CODED_HERE(miner_score)
SLUICE_ROWS_CODED_HERE(participation_day)
SLUICE_ROWS_CODED_HERE(live_execution)
SLUICE_ROWS_CODED_HERE(job_order)
SLUICE_ROWS_CODED_HERE(job_pace)
SLUICE_ROWS_CODED_HERE(removed_rounds)
SLUICE_ROWS_CODED_HERE(feed_block)
SLUICE_ROWS_CODED_HERE(checkpoint)

} // namespace sluice::storage
