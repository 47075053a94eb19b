#include "tests/game/game_setup.hpp"

#include "tests/game/player_module.hpp"
#include "tests/game/players.hpp"

#include <algorithm>
#include <random>

namespace sluice::game {

namespace {

constexpr uint16_t first_uid = 10;

std::vector<std::string> names_in(const game_setup& setup) {
  std::vector<std::string> names;
  const bool whole = setup.group == groups::all;
  for (const auto& x : all_players()) {
    const bool sybil = x.name.starts_with("sybil");
    const bool wide = x.name == "wide" || x.name == "wide_b";
    if (whole ? !sybil : !wide && (!sybil || setup.group != groups::single || x.name == "sybil1"))
      names.emplace_back(x.name);
  }
  return names;
}

/// As std::shuffle, but the same on every machine.
void shuffle(std::vector<std::string>& names, std::mt19937_64& chance) {
  for (size_t left = names.size(); left > 1; --left)
    std::swap(names[left - 1], names[chance() % left]);
}

std::string quoted(std::string_view name, std::string_view value) {
  return std::string{name} + " = \"" + std::string{value} + "\"\n";
}

std::string number(std::string_view name, uint64_t value) {
  return std::string{name} + " = " + std::to_string(value) + "\n";
}

} // namespace

std::vector<entrant> entrants_of(const game_setup& setup, const std::vector<std::string>& players) {
  auto names = names_in(setup);
  if (!players.empty())
    std::erase_if(names, [&](const auto& x) {
      return std::find(players.begin(), players.end(), x) == players.end();
    });
  std::mt19937_64 chance{setup.seed};
  shuffle(names, chance);
  std::vector<entrant> entrants;
  for (const auto& name : names) {
    const auto uid = static_cast<uint16_t>(first_uid + entrants.size());
    const bool owned = setup.group == groups::together && name.starts_with("sybil");
    // Where anything is ordered by hotkey, that must not be by name.
    entrants.push_back({name, uid, std::to_string(chance()) + "-" + name,
                        owned ? std::string{"one-owner"} : "owner-of-" + name});
  }
  return entrants;
}

std::string config_text(const game_setup& setup, const std::vector<entrant>& entrants) {
  std::string text = quoted("name", "game") + number("seed", setup.seed + 1)
                     + "policy = \"proportional\"\nsimulators = 1\n[validator]\nuid = "
                       "200\n[emission]\nper_epoch = 100.0\n";
  text += "[[miners]]\nuid = 1\nhotkey = \"in-hold\"\nstrategy = \"hold\"\n";
  for (const auto& x : entrants)
    text += "[[miners]]\n" + number("uid", x.uid) + quoted("hotkey", x.hotkey)
            + quoted("coldkey", x.coldkey)
            + quoted("strategy", std::string{player_prefix} + x.name);
  text += "[[jobs]]\n" + quoted("id", "j") + quoted("model", setup.model)
          + "round_seconds = 900\nblock_seconds = 2.0\n" + number("checkpoint_blocks", setup.check)
          + number("live_checkpoint_blocks", setup.live)
          + "reply_timeout_ms = 300\nsymbol0 = \"WETH\"\nsymbol1 = \"USDC\"\n"
            "[jobs.pool]\nfee = 500\ntick_spacing = 10\ndecimals0 = 18\ndecimals1 = 6\n"
            "[jobs.start]\namount0 = \"10000000000000000000\"\namount1 = \"30000000000\"\n"
            "[jobs.scoring]\nrange = \"value\"\n"
          + quoted("baseline", setup.baseline) + "[jobs.board]\n"
          + number("eligibility_days", setup.days) + "evidence = 2\n"
          + "[jobs.feed]\nkind = \"market\"\n" + number("seed", setup.seed)
          + "price = 3000.0\nvolatility_per_day = 0.04\ntrades_per_block = 0.7\n"
            "depth = 3000000\n";
  return text;
}

} // namespace sluice::game
