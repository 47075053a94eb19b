/// The trading mechanism's settings as TOML that reads back the same.
#pragma once

#include "io/config/toml_text.hpp"
#include "rules/trading/config.hpp"

namespace sluice::io {

/// Every key with the value that is in effect; of a feed those of its kind. No error.
void write_trading_settings(toml_text& out, const trading_settings& x);

} // namespace sluice::io
