/// A command that a node's operator may give, as a value: the node has some of its own, and every
/// mechanism brings more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::admin {

/// What an argument names; completion asks the node for the names that there are.
enum class argument_kind : uint8_t {
  text = 0,
  actor,  // a path of `tree`
  miner,  // a uid or a hotkey
  named,  // what the answer of a command names (argument::live)
  file,   // on the node's machine
  number, // a whole number
  choice, // one of `choices`
  level,  // PATH=LEVEL
  command,
  sent_file, // on the shell's machine: the shell sends what is in it (argument::sent)
};

/// Where the names that may stand for an argument are found: every text or number at `key`, at any
/// depth, in the answer of the command `view`, which takes no argument.
struct live_names {
  std::string_view view;
  std::string_view key;
  bool operator==(const live_names&) const = default;
};

struct argument {
  std::string_view name; // as help shows it
  argument_kind kind = argument_kind::text;
  bool required = true;
  bool rest = false; // takes every token that is left
  std::span<const std::string_view> choices{};
  std::string_view form{};            // for help: "JOB/live/NUMBER"; "" when the kind shows it
  std::span<const live_names> live{}; // of kinds `named` and `miner`
  /// Nobody types it: the bytes of the file that the argument before it names, in base64, at most
  /// sent_bytes_max of them. The shell adds it.
  bool sent = false;
};

/// So that the line with it stays below line_bytes_max (line_tokens.hpp).
inline constexpr size_t sent_bytes_max = 45'000;

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

/// In which unit a shell shows a number; answers have none, or the one that the key ends with.
enum class shown_unit : uint8_t { plain = 0, basis_points };

/// How a shell shows what is at a key when it makes a table of an answer.
struct column_look {
  std::string_view key;
  uint32_t drop = 0;    // when the table is too wide: the highest goes first; 0: never
  size_t shrink_to = 0; // or is cut down to so many columns; 0: never
  std::string_view title = {};
  bool hidden = false;
  bool quiet = false; // left out when there is nothing in any row
  shown_unit unit = shown_unit::plain;
};

/// The terminal that an answer is drawn for.
struct answer_style {
  size_t width = 100; // columns of the terminal
  bool color = false;
  bool ascii = false; // nothing but bytes below 0x80; else UTF-8
};

/// Draws the answer of a command, a JSON document; the text ends in '\n'.
using answer_text = std::string (*)(std::string_view document, const answer_style& style);

struct command {
  std::string_view name; // one or two tokens, parted by a space
  std::span<const argument> arguments;
  std::string_view help;    // one line, without a stop
  std::string_view example; // as typed
  command_group group = command_group::shell;
  command_source source = command_source::shell;
  command_effect effect = command_effect::reads;
  /// In its group: the lower first; of equals the node's own, then as the mechanisms are listed. An
  /// order number, 0 to 255.
  uint8_t place = 100;
  /// Of a command that reads and whose source is the node: the answer is how the actor at this path
  /// describes itself ("node/roster"). Empty: the node, or the mechanism, has another.
  std::string_view actor = {};
  std::span<const column_look> columns = {}; // of its answer; also where a key is in another one
  answer_text text = nullptr;                // null: tables and pairs
};

/// Those that every node has, by group and place.
std::span<const command> general_commands();

/// A command as it was typed.
struct call {
  const command* what = nullptr;
  std::vector<std::string> arguments; // its arguments; a `rest` is one of them
  bool yes = false;                   // --yes stood in the line

  /// The argument at `i`, or "". Counted from 0; no error.
  std::string_view argument_at(size_t i) const {
    return i < arguments.size() ? std::string_view{arguments[i]} : std::string_view{};
  }
};

/// The line as it is written down for people: without what the shell has added. `line`: as it came.
std::string noted_line(const call& what, std::string_view line);

/// "PATH on|off|N [NAME]": the arguments from the `from`th on that a person types. `from` counts
/// arguments from 0; beyond the last the text is empty.
std::string usage_of(const command& what, size_t from = 0);

} // namespace sluice::admin
