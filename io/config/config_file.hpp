/// Reads a node's configuration from TOML; every key is described in docs/configuration.md.
#pragma once

#include "rules/node_config.hpp"
#include "rules/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sluice::io {

/// The whole file, checked. Relative names of feed files are taken from the file's own folder.
/// `ec::unreachable` when it cannot be read, else `ec::bad_input` and one sentence
/// "FILE:LINE:COL: key: expected ..., got ...; did you mean ...?".
result<node_config> read_config(const std::string& path);

/// The same from text; `name` stands for the file in errors. File names stay as they are.
result<node_config> parse_config(std::string_view text, const std::string& name);

/// A file that has [[jobs]] as a configuration has them, and nothing else; the same errors.
result<std::vector<job_config>> read_jobs_file(const std::string& path);

/// configs/dev.toml as it was when this binary was built: what `sluice node --dev` runs.
std::string_view dev_config_text();

} // namespace sluice::io
