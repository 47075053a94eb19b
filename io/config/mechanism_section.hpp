/// How one mechanism's part of a configuration is read, checked and written.
#pragma once

#include "io/config/config_table.hpp"
#include "io/config/toml_text.hpp"
#include "rules/mechanism_settings.hpp"
#include "rules/result.hpp"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::io {

/// A file that a configuration names and a node will read.
struct named_input {
  std::string what; // "job weth-usdc: feed file"
  std::string path;
};

/// Where version 0.1.0, which knew one mechanism, wrote the parts of it.
enum class section_place : uint8_t {
  head = 0, // keys of the file itself
  tables,   // behind [weights]
  end,      // behind all others
};

/// Which commands know an original name.
enum class original_place : uint8_t { node = 0, miner };

/// A name that a setting had in the program that a mechanism comes from: a flag and a variable of
/// the environment. It is accepted, with a note that states the name here.
struct original_name {
  std::string_view flag{};     // without its dashes: "max_targets"; "": there is none
  std::string_view variable{}; // "MAX_TARGETS"; "": there is none
  /// Of a node: the key with its tables, "NAME.slots". Of a miner: the flag here, "--data". "":
  /// there is nothing to set, and `remark` states why.
  std::string_view key{};
  std::string_view usual{};  // what it is when nobody states it there
  std::string_view remark{}; // for people; ""
  original_place place = original_place::node;
  /// The value as it is written here; ec::bad_input or ec::refused with a sentence. Empty: as
  /// typed.
  std::function<result<std::string>(std::string_view)> value{};
};

/// What has an empty function need not be there.
struct mechanism_section {
  std::string name;                     // of the table
  std::vector<std::string_view> keys{}; // of the table; others are a mistake

  /// Keys of the file itself that version 0.1.0 had for this mechanism; they are read as if they
  /// stood in the table, with a note.
  std::vector<std::string_view> old_keys{};

  /// Its share of the weights when [weights] names none.
  double default_share = 0;

  /// Reads the table, or the file itself when the keys are the old ones.
  std::function<mechanism_settings(config_table& from)> read;
  std::function<void(toml_text& out, const mechanism_settings& x)> write;
  std::function<void(toml_text& out, const mechanism_settings& x, section_place place)>
    write_place{};

  /// Most uids that its scores can name at once, beside the burn uid, when so many miners are
  /// registered (0 to limits::miners_max); empty: all of them.
  std::function<size_t(const mechanism_settings& x, size_t miners)> winners_max{};

  /// "2 jobs": what a person wants to read of a configuration that is good.
  std::function<std::string(const mechanism_settings& x)> summary{};

  std::function<std::vector<named_input>(const mechanism_settings& x)> inputs{};
  /// Calls `place` with every name of a file, to be changed.
  std::function<void(mechanism_settings& x, const std::function<void(std::string&)>& place)>
    place_inputs{};

  /// What is wrong with a strategy of a miner in this process; "" when it is good. Empty: this
  /// mechanism has no such miners.
  std::function<std::string(std::string_view strategy)> strategy_fault{};

  /// By which an operator may name settings as well; each flag and variable once per place.
  std::vector<original_name> original_names{};
};

using mechanism_sections = std::span<const mechanism_section>;

/// Which of these a miner in this process plays: the one of this name, of "" the first that has
/// such miners. Null: there is none.
const mechanism_section* played_by(mechanism_sections all, std::string_view mechanism);

} // namespace sluice::io
