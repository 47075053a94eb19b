/// What cannot be of lots and trades: states and transitions of A3b, sums of A3.1.
#pragma once

#include "rules/result.hpp"
#include "rules/trading/ledger.hpp"

#include <span>
#include <string>
#include <vector>

namespace sluice {

/// What is wrong with the rows of a book, one sentence each, 20 at most; empty when nothing is. Of
/// a lot whose older legs are archived only what is left can be checked.
std::vector<std::string>
lot_faults(std::span<const trading_lot> lots, std::span<const trading_trade> trades);

/// May a lot go from one state to the other? The fault is refused, with both names.
result<nothing> check_transition(lot_status from, lot_status to);

} // namespace sluice
