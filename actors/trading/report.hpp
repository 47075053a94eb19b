/// The trading mechanism's part of the report of a run.
#pragma once

#include "actors/report/mechanism_report.hpp"

#include <memory>

namespace sluice {

/// Per step a line `trading ...`, a JSON event, or a table of the best miners.
std::unique_ptr<report::mechanism_report> make_trading_report();

} // namespace sluice
