/// Where each value of a configuration comes from: its file, a flag, a variable, or a default.
#pragma once

#include "io/config/mechanism_section.hpp"
#include "io/config/setting_override.hpp"
#include "rules/result.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::io {

/// By key as mistakes show it ("chain.tempo", "TABLE.jobs[0].pool.fee"): "FILE:LINE", or what set
/// it beside the file ("--set chain.tempo", "SLUICE_CHAIN_TEMPO"). What is not in it has its
/// default.
using key_origins = std::map<std::string, std::string>;

/// Of the text of a file and what is set beside it; old names of keys stand under the new ones.
/// ec::bad_input as of parse_config, but the values are not checked.
result<key_origins> origins_in(std::string_view text, const std::string& name,
                               mechanism_sections sections, setting_overrides set);

/// The same of a file, as read_config reads it.
result<key_origins>
origins_of(const std::string& path, mechanism_sections sections, setting_overrides set);

/// One line of what write_config writes.
struct origin_row {
  std::string line;   // as it is written
  std::string key;    // whole; "" of headers and empty lines
  std::string origin; // "default", or as key_origins
};

/// Every line of `written` with the key that it sets and where the value comes from.
std::vector<origin_row> with_origins(std::string_view written, const key_origins& origins);

/// The rows as TOML, each key's origin in a comment behind it.
std::string origins_toml(const std::vector<origin_row>& rows);

/// The same as a JSON list of {"key", "value", "origin"}; values are TOML's text.
std::string origins_json(const std::vector<origin_row>& rows);

} // namespace sluice::io
