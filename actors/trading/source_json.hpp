/// How a feed of stakes does, for people and programs.
#pragma once

#include "messages/trading.hpp"

#include <string>

namespace sluice {

/// As a JSON object.
std::string source_json(const source_view& x);

} // namespace sluice
