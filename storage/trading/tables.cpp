#include "storage/trading/tables.hpp"

namespace sluice {

double archive_summary::avg_roi_percent() const {
  return cost == 0 ? 0 : 100 * static_cast<double>(pnl) / static_cast<double>(cost);
}

double archive_summary::avg_duration_s() const {
  return lots == 0 ? 0 : static_cast<double>(seconds) / static_cast<double>(lots);
}

} // namespace sluice

namespace sluice::storage {

schema_part trading_schema() {
  using namespace tables;
  return {names_of(trading_keys, trading_events, trading_bases, trading_archive, trading_worlds,
                   trading_terms_of, trading_syncs, trading_counts, trading_limits, trading_pools,
                   trading_books, trading_lots, trading_trades, trading_snapshots, trading_steps),
          {}};
}

SLUICE_ROWS_CODED_HERE(book_event)
SLUICE_ROWS_CODED_HERE(book_base)
SLUICE_ROWS_CODED_HERE(archive_summary)
SLUICE_ROWS_CODED_HERE(trading_world)
SLUICE_ROWS_CODED_HERE(trading_terms)
SLUICE_ROWS_CODED_HERE(sync_point)
SLUICE_ROWS_CODED_HERE(pool_data)
SLUICE_ROWS_CODED_HERE(book_record)
SLUICE_ROWS_CODED_HERE(trading_lot)
SLUICE_ROWS_CODED_HERE(trading_trade)
SLUICE_ROWS_CODED_HERE(performance_snapshot)
SLUICE_ROWS_CODED_HERE(trading_step)
SLUICE_ROWS_CODED_HERE(trading_thresholds)

} // namespace sluice::storage
