/// The [[jobs]] of a configuration file.
#pragma once

#include "io/config/config_table.hpp"
#include "rules/liquidity/config.hpp"

namespace sluice::io {

/// One job and everything inside it, in the units of job_config, what is absent as in node_job();
/// mistakes, also a number outside
/// its bounds, go where the table's other mistakes go (ec::bad_input).
job_config read_job(config_table table);

} // namespace sluice::io
