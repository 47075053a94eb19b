/// The tables of a miner's own database, on one page: key, value, how it is ordered. The miner is
/// the only writer.
#pragma once

#include "storage/checked_table.hpp"
#include "storage/coded_rows.hpp"
#include "storage/sports/miner_records.hpp"

#include <string>
#include <string_view>

namespace sluice::storage {

inline constexpr std::string_view miner_store_name = "miner";

} // namespace sluice::storage

namespace sluice::storage::tables {

/// Games that validators stated.
///   key    : external_id
///   value  : sports_game
///   order  : by id
inline constexpr checked_table<std::string, sports_game> miner_games{miner_store_name, "games"};

/// The miner's own predictions.
///   key    : number, from 1
///   value  : miner_prediction
///   order  : as they were made
inline constexpr checked_table<uint64_t, miner_prediction> miner_predictions{miner_store_name,
                                                                             "predictions"};

/// How far predictions have come.
///   key    : miner_delivery_key {number, validator}
///   value  : miner_delivery
///   order  : by prediction
inline constexpr checked_table<miner_delivery_key, miner_delivery> miner_deliveries{
  miner_store_name, "deliveries"};

/// Games whose end is known; kept longer than the games.
///   key    : miner_result_key {sport, start_us, external_id}
///   value  : sports_game
///   order  : by sport, then oldest first
inline constexpr checked_table<miner_result_key, sports_game> miner_results{miner_store_name,
                                                                            "results"};

/// Figures of services: one line of JSON each.
///   key    : miner_statistic_key {name, time_us}
///   value  : text
///   order  : by name, then oldest first
inline constexpr checked_table<miner_statistic_key, std::string> miner_statistics{miner_store_name,
                                                                                  "statistics"};

/// Texts of the miner's own: which key means what is the miner's business.
///   key    : name
///   value  : text
///   order  : by name
inline constexpr checked_table<std::string, std::string> miner_notes{miner_store_name, "notes"};

} // namespace sluice::storage::tables

namespace sluice::storage {

SLUICE_ROWS_CODED_ELSEWHERE(miner_prediction)
SLUICE_ROWS_CODED_ELSEWHERE(miner_delivery)

} // namespace sluice::storage
