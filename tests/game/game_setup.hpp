/// One game: which market, which rules, who plays under which uid, and the node's configuration.
#pragma once

#include "rules/fields.hpp"
#include "rules/result.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::game {

/// Who plays. In `apart` the eight hotkeys of one owner have coldkeys of their own, in `together`
/// one coldkey; `single` is the same game with one hotkey in their place.
namespace groups {
inline constexpr std::string_view all = "all";
inline constexpr std::string_view together = "sybils";
inline constexpr std::string_view apart = "sybils_apart";
inline constexpr std::string_view single = "single";
} // namespace groups

/// What decides how the rounds go. `days`: eligibility_days, 0 to 365; `rounds` from 1; `check` and
/// `live`: blocks between two questions of an evaluation or a live round, from 1. Not checked here:
/// the configuration that comes out is.
struct game_setup {
  std::string model = "observed"; // or "replayed"
  std::string baseline = "none";  // or "kept"
  uint32_t days = 0;
  uint64_t seed = 1;
  std::string group{groups::all};
  uint64_t rounds = 300;
  uint64_t check = 100;
  uint64_t live = 150;
  SLUICE_FIELDS(model, baseline, days, seed, group, rounds, check, live)
  auto operator<=>(const game_setup&) const = default;
};

/// A player with its uid.
struct entrant {
  std::string name; // of the player
  uint16_t uid = 0;
  std::string hotkey;
  std::string coldkey;
};

/// Who plays, in an order that the seed gives: ties go to the lower uid. `players`: names, of those
/// of the group; empty for all.
std::vector<entrant> entrants_of(const game_setup& setup, const std::vector<std::string>& players);

/// What game.py writes, with these players in this process. Policy and evidence decide nothing
/// about the rounds; the node has the ones that need most of what is remembered.
std::string config_text(const game_setup& setup, const std::vector<entrant>& entrants);

} // namespace sluice::game
