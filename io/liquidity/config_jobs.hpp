/// The [[jobs]] of a configuration file.
#pragma once

#include "io/config/config_table.hpp"
#include "rules/liquidity/config.hpp"

namespace sluice::io {

/// One job and everything inside it; mistakes go where the table's other mistakes go.
job_config read_job(config_table table);

} // namespace sluice::io
