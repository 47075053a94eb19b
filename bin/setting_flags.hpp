/// The flags of `sluice` by which keys of a configuration are set beside its file.
#pragma once

#include "io/config/setting_override.hpp"
#include "rules/result.hpp"

#include <CLI/CLI.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::bin {

struct setting_arguments {
  std::vector<std::string> set;                // KEY=VALUE, as typed
  std::map<std::string, std::string> original; // by flag, without its dashes
};

/// `--set KEY=VALUE`, which may be repeated. `out` must outlive the parsing.
void add_setting_flags(CLI::App& command, setting_arguments& out);

/// The flags that mechanisms' settings had in other programs; help does not list them. `out` must
/// outlive the parsing.
void add_original_flags(CLI::App& command, setting_arguments& out, io::original_place place);

/// What counts beside the file, the later the more: original variables of the environment, its
/// SLUICE_TABLE_KEY, original flags, `--set`. Faults: ec::bad_input with a sentence.
result<std::vector<io::setting_override>>
overrides_of(const setting_arguments& x, io::original_place place);

/// What a miner of a mechanism is run with, as its program reads it: keys without a table. Original
/// variables of the environment, SLUICE_MINER_KEY, original flags, `--set`; the later the more.
/// Notes are printed. Faults: ec::bad_input with a sentence.
result<std::vector<io::setting_override>>
miner_settings_of(const setting_arguments& x, std::string_view mechanism);

/// What an original flag states for a flag here ("--data"); none: no such flag was given. Its note
/// is printed. ec::bad_input: its value is none.
result<std::optional<std::string>>
value_of_original(const setting_arguments& x, io::original_place place, std::string_view flag);

} // namespace sluice::bin
