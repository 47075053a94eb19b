/// Settings that are given beside a configuration file: by flags and by the environment.
#pragma once

#include "io/config/mechanism_section.hpp"
#include "rules/result.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <toml++/toml.h>
#include <utility>
#include <vector>

namespace sluice::io {

struct override_limits {
  static constexpr size_t count_max = 256;        // of one run
  static constexpr size_t key_bytes_max = 128;    // with its tables
  static constexpr size_t value_bytes_max = 4096; // as typed
};

/// One value that counts instead of that of the file.
struct setting_override {
  std::string key;              // with its tables: "chain.tempo"; "": nothing is set
  std::string value;            // a value of TOML; whatever is none is a text
  std::string from;             // for people: "--set chain.tempo"
  std::string mechanism{};      // counts only where it is configured; "": as the key states
  bool optional = false;        // not a mistake where that mechanism is not configured
  std::string note{};           // for people, once it counts; "": none
  std::optional<fault> wrong{}; // why it cannot count
};

using setting_overrides = std::span<const setting_override>;

/// Of KEY=VALUE, as `--set` has it. ec::bad_input: no such form, or too long.
result<setting_override> parse_override(std::string_view text);

/// What the environment sets: NAME=VALUE pairs of which NAME is SLUICE_TABLE_KEY with TABLE a
/// mechanism's, `chain` or `weights`. In tables inside, SLUICE_TABLE_INNER_KEY. Others are not
/// looked at. ec::bad_input: more than override_limits.
result<std::vector<setting_override>>
overrides_in_environment(std::span<const std::string> variables, mechanism_sections sections);

/// What an original name sets, by flag or variable; a value that it does not have is in `wrong`.
setting_override override_of(const original_name& what, std::string_view mechanism,
                             std::string_view value, bool variable);

/// Key and where it comes from, of everything that was set.
using setting_origins = std::vector<std::pair<std::string, std::string>>;

/// Sets these in order; the last one wins. Tables that are not there are made, but no mechanism's.
/// Faults are ec::bad_input with the sentence of the first that cannot be set.
result<setting_origins>
apply_overrides(toml::table& root, setting_overrides all, mechanism_sections sections,
                std::vector<std::string>* notes);

} // namespace sluice::io
