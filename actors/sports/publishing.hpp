/// Whether weights are to be set now, and what is handed in for an epoch, out of a data folder.
#pragma once

#include "messages/chain.hpp"
#include "rules/result.hpp"
#include "rules/sports/config.hpp"
#include "storage/data_dir.hpp"
#include "storage/sports/records.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace sluice {

/// `now_us`: microseconds since 1970-01-01 UTC. `block_seconds`: of the chain, from 1.
struct sports_publish_basis {
  int64_t now_us = 0;
  const chain_view& seen;
  const sports_scoring& scoring; // the newest; number 0: there is none
  const sports_settings& rules;
  uint64_t block_seconds = 12;
  bool is_world = false; // an attempt in every step that has weights
  std::string asked{}; // who wants one as soon as the blocks allow: "operator", "timer"; "": nobody
};

/// The attempt that begins now; none: nothing is due. Faults: what the disk reports.
result<std::optional<weights_attempt>>
due_sports_attempt(const storage::data_dir& disk, const sports_publish_basis& basis);

/// What is handed in for an epoch.
struct sports_handed_in {
  std::map<miner_uid, double> weights;
  std::string why_none;                   // "": there are some
  std::optional<weights_attempt> attempt; // to be stored first: it is part of this epoch
};

/// The weights of the newest scoring, by uid of now, with the open attempt that they belong to.
/// Faults: what the disk reports.
result<sports_handed_in>
hand_in_sports(const storage::data_dir& disk, epoch_no epoch, const chain_view& seen);

/// Why there are no weights, for people: what is missing, and what changes that; "" when there are
/// some. Faults of the disk are its sentence.
std::string why_no_sports_scores(const storage::data_dir& disk);

/// Hotkeys that the operator sent away. Faults: what the disk reports.
result<std::set<hotkey>> banned_hotkeys(const storage::data_dir& disk);

/// How many steps are done; none: none. Faults: what the disk reports.
result<std::optional<uint64_t>> sports_steps_done(const storage::data_dir& disk);

} // namespace sluice
