/// What the lead miners of a dev world do: which leads they curate and source, from a seed.
#pragma once

#include "rules/ids.hpp"
#include "rules/leads/exchange.hpp"
#include "rules/result.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

enum class lead_strategy_kind : uint8_t {
  curator = 0, // answers requests with good leads that others sourced; sources nothing
  sourcer,     // sources good prospects; answers no request
  both,        // both, of its own
  lazy,        // both, one lead where many are asked for
  duplicator,  // the same few leads again and again
  disposable,  // addresses at throw-away domains
  silent,      // neither
};

inline constexpr std::array<std::string_view, 7> lead_strategy_names{
  "curator", "sourcer", "both", "lazy", "duplicator", "disposable", "silent"};

/// `seed`: any number of 64 bits; one world has one.
struct lead_strategy {
  lead_strategy_kind kind = lead_strategy_kind::both;
  uint64_t seed = 1;
  bool operator==(const lead_strategy&) const = default;
};

/// NAME or NAME:seed=NUMBER; ec::bad_input with the names there are.
result<lead_strategy> parse_lead_strategy(std::string_view text);

/// The lead number `index` of the world of this seed: an invented company, at a domain that nobody
/// can have (.test). The same arguments give the same lead; `source` is empty. No error.
lead dev_lead(uint64_t seed, uint64_t index);

/// The answer of this miner; none: silence. `sources`: who sourced what a curator finds; it is the
/// miner itself when there is nobody. At most question.num_leads leads.
std::optional<lead_answer>
curated_answer(const lead_strategy& x, const hotkey& miner, const std::vector<hotkey>& sources,
               const lead_question& question);

/// What this miner sources in a step, from 1; may be nothing.
std::vector<lead> sourced_prospects(const lead_strategy& x, const hotkey& miner, uint64_t step);

} // namespace sluice
