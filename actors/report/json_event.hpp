/// An event of a run as one JSON object on one line.
#pragma once

#include "actors/report/mechanism_report.hpp"

#include <string>
#include <string_view>

namespace sluice::report {

/// The first keys of every event: the time when it is wanted, then the event's name.
json json_event(std::string_view name, const json_extras& extras);

/// Ends in '\n'. Bytes that are not UTF-8 are replaced; numbers that are none are null.
std::string json_line(const json& x);

} // namespace sluice::report
