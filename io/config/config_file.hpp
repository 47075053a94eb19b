/// Reads a node's configuration from TOML; every key is described in docs/configuration.md.
#pragma once

#include "io/config/mechanism_section.hpp"
#include "io/config/setting_override.hpp"
#include "rules/config/node_config.hpp"
#include "rules/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sluice::io {

/// The whole file, checked. Relative names of input files are taken from the file's own folder.
/// `ec::unreachable` when it cannot be read, else `ec::bad_input` and one sentence
/// "FILE:LINE:COL: key: expected ..., got ...; did you mean ...?". `notes`, when not null, gets a
/// sentence on everything that is good but should be written otherwise. A configuration under which
/// nothing could ever be published is refused too (config_publishing.hpp); `more_miners`: how many
/// are allowed beside the file, from 0. `set`: what counts instead of the file's values; mistakes
/// in it begin with where it comes from.
result<node_config> read_config(const std::string& path, mechanism_sections sections,
                                std::vector<std::string>* notes = nullptr, size_t more_miners = 0,
                                setting_overrides set = {});

/// The same from text; `name` stands for the file in errors. File names stay as they are.
result<node_config>
parse_config(std::string_view text, const std::string& name, mechanism_sections sections,
             std::vector<std::string>* notes = nullptr, size_t more_miners = 0,
             setting_overrides set = {});

/// configs/dev.toml as it was when this binary was built: what `sluice node --dev` runs.
std::string_view dev_config_text();

} // namespace sluice::io
