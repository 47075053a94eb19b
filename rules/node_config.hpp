/// The configuration of a node as plain values; files and flags are read elsewhere.
#pragma once

#include "rules/chain/dev_chain.hpp"
#include "rules/mechanism_settings.hpp"
#include "rules/network_config.hpp"
#include "rules/weights/pipeline.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace sluice {

/// A miner that lives in this process.
struct local_miner_config {
  miner_uid uid;
  hotkey key;
  std::string strategy;
  SLUICE_FIELDS(uid, key, strategy)
  bool operator==(const local_miner_config&) const = default;
};

struct weights_settings {
  mechanism_shares shares; // of the mechanisms that are configured
  miner_uid burn_uid;
  uint64_t sheet_age_epochs = 3;
  double moved_max = 1;
  uint64_t uids_min = 1;
  double burn_max = 1;
  uint64_t version_key = 0;
  SLUICE_FIELDS(shares, burn_uid, sheet_age_epochs, moved_max, uids_min, burn_max, version_key)
  bool operator==(const weights_settings&) const = default;
};

struct node_config {
  std::string name = "sluice";
  uint64_t seed = 1;
  hotkey validator{"validator"};
  uint64_t chain_blocks_per_lap = 75; // the dev chain moves on this much when every job did a round
  chain_params chain;
  std::vector<neuron> neurons; // of the dev chain
  weights_settings weights;
  std::vector<local_miner_config> miners;
  /// By the mechanism's name; what is not in it is not run.
  std::map<std::string, mechanism_settings> mechanisms;
  network_settings network;
  bool operator==(const node_config&) const = default;
};

} // namespace sluice
