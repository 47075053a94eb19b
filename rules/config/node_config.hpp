/// The configuration of a node as plain values; files and flags are read elsewhere.
#pragma once

#include "rules/chain/dev_chain.hpp"
#include "rules/config/log_settings.hpp"
#include "rules/config/storage_settings.hpp"
#include "rules/mechanism_settings.hpp"
#include "rules/network_config.hpp"
#include "rules/supervision/watchdog_settings.hpp"
#include "rules/weights/pipeline.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace sluice {

/// A miner that runs in this process.
struct local_miner_config {
  miner_uid uid; // 0 to limits::miners_max - 1
  hotkey key;
  std::string strategy;
  std::string mechanism{}; // that it plays; "": the first that has miners in this process
  std::string coldkey{};   // who owns the hotkey; "": not known
  SLUICE_FIELDS(uid, key, strategy, mechanism, coldkey)
  bool operator==(const local_miner_config&) const = default;
};

/// What the weight pipeline is configured with (rules/weights/pipeline.hpp). Ratios have no unit
/// and are 0 to 1.
struct weights_settings {
  mechanism_shares shares;       // of the mechanisms that are configured; sum at most 1
  miner_uid burn_uid;            // 0 to limits::miners_max - 1
  uint64_t score_age_epochs = 3; // epochs, 0 to limits::score_age_epochs_max
  double moved_max = 1;          // total variation distance from the last good weights
  uint64_t uids_min = 1;         // number of non-zero weights, 0 to limits::miners_max
  double burn_max = 1;           // weight of the burn uid
  uint64_t version_key = 0;      // of the extrinsic, any number
  weight_fill fill = weight_fill::none;
  SLUICE_FIELDS(shares, burn_uid, score_age_epochs, moved_max, uids_min, burn_max, version_key,
                fill)
  bool operator==(const weights_settings&) const = default;
};

struct node_config {
  std::string name = "sluice";
  uint64_t seed = 1; // of the node's random numbers, any number
  hotkey validator{"validator"};
  /// Blocks that the dev chain moves on when every job did a round; 1 to 1'000'000.
  uint64_t chain_blocks_per_step = 75;
  chain_params chain;
  std::vector<neuron> neurons; // of the dev chain
  weights_settings weights;
  std::vector<local_miner_config> miners;
  /// By the mechanism's name; what is not in it is not run.
  std::map<std::string, mechanism_settings> mechanisms;
  network_settings network;
  log_settings log{}; // decides about no score, as the network
  /// Nothing of it decides about a score, as of the network.
  watchdog_settings watchdog{};
  storage_settings storage; // changes no score
  bool operator==(const node_config&) const = default;
};

} // namespace sluice
