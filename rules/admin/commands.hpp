/// Every command that a node's operator may give: the one list that the shell and the node share.
#pragma once

#include "rules/result.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::admin {

/// What an argument names; completion asks the node for the live ones.
enum class word_kind : uint8_t {
  text = 0,
  actor,  // a path of `tree`
  job,    // an id of `jobs`
  round,  // JOB/evaluation/NUMBER or JOB/live/NUMBER
  miner,  // a uid or a hotkey
  file,   // on the node's machine
  number, // a whole number
  choice, // one of `choices`
  level,  // PATH=LEVEL
  command,
};

struct argument {
  std::string_view name; // as help shows it
  word_kind kind = word_kind::text;
  bool required = true;
  bool rest = false; // takes every word that is left
  std::span<const std::string_view> choices{};
};

enum class command_effect : uint8_t {
  reads = 0,
  acts,     // changes something; the node writes down who and when
  destroys, // the same, and the shell asks first
};

/// Who can answer.
enum class command_source : uint8_t {
  disk = 0, // the data folder: also when no node runs
  node,     // a running node only
  shell,    // the shell itself
};

/// For help: commands that belong together.
enum class command_group : uint8_t { actors = 0, subnet, node, shell };

struct command {
  std::string_view name; // one or two words, parted by a space
  std::span<const argument> arguments;
  std::string_view help;    // one line, without a stop
  std::string_view example; // as typed
  command_group group = command_group::shell;
  command_source source = command_source::shell;
  command_effect effect = command_effect::reads;
};

/// All of them, in the order in which help shows them.
std::span<const command> commands();

/// By its whole name, or null.
const command* find_command(std::string_view name);

/// A command as it was typed.
struct call {
  const command* what = nullptr;
  std::vector<std::string> words; // its arguments; a `rest` is one word
  bool yes = false;               // --yes stood in the line

  /// The argument at `i`, or "".
  std::string_view word(size_t i) const {
    return i < words.size() ? std::string_view{words[i]} : std::string_view{};
  }
};

/// bad_input says what is wrong and what was probably meant: an unknown command or sub-command
/// with the nearest one, too few or too many arguments, a word that is not of its kind.
result<call> parse_command(std::string_view line);

/// "PATH on|off|N [WORD]": the arguments from the `from`th on.
std::string usage_of(const command& what, size_t from = 0);

/// What `help` says: commands by group with their one line each.
std::string help_text();
/// What `help NAME` says; of the first word of two, all that begin with it. bad_input as above.
result<std::string> help_text(std::string_view name);

} // namespace sluice::admin
