/// How one miner's share comes about, as numbers that add up.
#pragma once

#include "rules/fields.hpp"
#include "rules/ids.hpp"
#include "rules/leads/config.hpp"
#include "rules/leads/shares.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sluice {

/// One term of a share: weight * own / all, or weight * own of the policy raw. Counts from 0, no
/// unit.
struct share_term {
  std::string name; // "curated", "sourced", "k"
  double weight = 0;
  uint64_t own = 0;
  uint64_t all = 0;
  double part = 0; // of the miner's score
  SLUICE_FIELDS(name, weight, own, all, part)
  bool operator==(const share_term&) const = default;
};

/// `share` = `score` / `scores`: that of the miner among those of all; 0 when nobody has any.
struct explained_share {
  hotkey miner;
  double share = 0;
  uint64_t rank = 0; // from 1; 0: it has no share
  uint64_t of = 0;   // miners with a tally
  double score = 0;  // what the terms add up to
  double scores = 0; // what those of all miners add up to
  std::vector<share_term> terms;
  SLUICE_FIELDS(miner, share, rank, of, score, scores, terms)
  bool operator==(const explained_share&) const = default;
};

/// Source: facts/mechanisms B3.3 and B3.4. `settings`, `k_miner`: with which the report was made.
/// No error: who is not in the report has a share of 0.
explained_share explained(const share_report& report, const leads_settings& settings,
                          const hotkey& k_miner, const hotkey& miner);

} // namespace sluice
