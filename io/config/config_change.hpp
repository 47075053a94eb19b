/// What differs between two configurations of one data folder: key by key, with what each change
/// means and whether a folder may go on under it.
#pragma once

#include "rules/result.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::io {

/// One key, or one entry of a list of tables that came or went. Keys have their tables, and entries
/// of lists the name that tells them apart instead of a number: "chain.tempo",
/// "NAME.jobs[weth-usdc].round_seconds", "miners[miner-hold].uid", "neurons[5C9T...]".
struct config_change {
  std::string key;
  std::string was;     // as a configuration states it; "": it was not there
  std::string is;      // the same of now; "": it is not there any more
  std::string meaning; // for people, a clause: "rounds begin at other blocks"; "": nothing to say
  bool allowed = true; // may the folder go on with it
  std::string why;     // why not, and what to do instead; "" when it is allowed
  bool operator==(const config_change&) const = default;
};

struct change_limits {
  static constexpr size_t shown_max = 40;       // changes that a sentence or a list shows
  static constexpr size_t value_bytes_max = 80; // of a value that is shown; longer ones are cut
  static constexpr size_t changes_max = 10'000; // that are kept at all
  static constexpr size_t text_bytes_max = 4U << 20; // of a stored configuration
};

/// Key by key, in order of the keys; equal texts have none. Both are what write_config writes, at
/// most change_limits::text_bytes_max; ec::bad_input when one of them is not TOML.
result<std::vector<config_change>> changes_between(std::string_view was, std::string_view is);

/// The change of this key, or null.
config_change* find_change(std::span<config_change> all, std::string_view key);

/// Those whose key is this one or inside it: of "NAME.jobs[x]" also "NAME.jobs[x].pool.fee".
bool is_inside(std::string_view key, std::string_view table);

/// A line of each, for people: "chain.tempo: was 74, is 100 (epochs are longer)"; of the refused
/// ones with the reason. At most change_limits::shown_max, then how many more.
std::string text_of(std::span<const config_change> all);

/// The keys that are refused, as one sentence with the reason of each; none: all are allowed.
std::string refusal_of(std::span<const config_change> all);

} // namespace sluice::io
