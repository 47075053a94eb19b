/// The liquidity mechanism's part of a configuration file.
#pragma once

#include "io/config/mechanism_section.hpp"
#include "rules/liquidity/config.hpp"
#include "rules/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sluice::io {

mechanism_section liquidity_section();

/// A text that has [[jobs]] (or [[liquidity.jobs]]) as a configuration has them, and nothing else;
/// `name` stands for its file. Names of files stay as they are. Errors as of parse_config.
result<std::vector<job_config>> parse_jobs(std::string_view text, const std::string& name);

/// A file that has [[jobs]] (or [[liquidity.jobs]]) as a configuration has them, and nothing else;
/// errors as of read_config.
result<std::vector<job_config>> read_jobs_file(const std::string& path);

} // namespace sluice::io
