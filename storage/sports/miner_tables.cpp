#include "storage/sports/miner_tables.hpp"

namespace sluice::storage {

SLUICE_ROWS_CODED_HERE(miner_prediction)
SLUICE_ROWS_CODED_HERE(miner_delivery)

} // namespace sluice::storage
