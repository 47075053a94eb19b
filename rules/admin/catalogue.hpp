/// All commands that a node's operator may give: what the shell and the node both read a line by.
#pragma once

#include "rules/admin/commands.hpp"
#include "rules/result.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::admin {

class catalogue {
public:
  /// The general ones alone.
  catalogue() : catalogue(std::span<const std::span<const command>>{}) {}

  /// The general ones and those of mechanisms, which must outlive it. Two of one name are a mistake
  /// in the program: std::invalid_argument.
  explicit catalogue(std::span<const std::span<const command>> more);

  /// In the order in which help shows them.
  std::span<const command* const> commands() const { return all_; }

  /// By its whole name, or null.
  const command* find(std::string_view name) const;

  /// Where the names for an argument are found; none for a kind that nobody has to be asked about.
  /// A miner that is not of some mechanism's own is one of any mechanism, or else of the chain.
  std::vector<live_names> live(const argument& wanted) const;

  /// What their answers' columns look like, each key once.
  std::span<const column_look> columns() const { return columns_; }

private:
  std::vector<const command*> all_;
  std::vector<column_look> columns_;
};

/// bad_input states what is wrong and what was probably meant: an unknown command or sub-command
/// with the nearest one, too few or too many arguments, an argument that is not of its kind. The
/// call points to a command of `all`, and does not need `all` itself.
result<call> parse_command(const catalogue& all, std::string_view line);

/// What `help` prints: commands by group with their one line each.
std::string help_text(const catalogue& all);
/// What `help NAME` prints; of the first token of two, all that begin with it. bad_input as above.
result<std::string> help_text(const catalogue& all, std::string_view name);

} // namespace sluice::admin
