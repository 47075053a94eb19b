#include "actors/liquidity/views/stored_market.hpp"

#include "actors/liquidity/market/market_walk.hpp"

namespace sluice {

result<window> stored_market(const storage::data_dir& disk, const round_record& row) {
  return market_walk{disk, row.id.job}.window_of(row);
}

} // namespace sluice
