/// The embedded chain: one subnet with tempo, uids, permits, stake and the real chain's error
/// names.
#pragma once

#include "rules/ids.hpp"
#include "rules/network_config.hpp"
#include "rules/result.hpp"
#include "rules/weights/pipeline.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sluice {

/// One slot of the subnet.
struct neuron {
  miner_uid uid;
  hotkey key;
  uint64_t stake = 0;  // rao, 10^9 are one TAO
  bool permit = false; // validator permit
  SLUICE_FIELDS(uid, key, stake, permit)
  bool operator==(const neuron&) const = default;
};

/// The subnet's hyperparameters (facts/substrate §2-§6). Blocks count blocks of the dev chain.
struct chain_params {
  uint16_t netuid = 98;               // number of the subnet, 0 to 65535
  uint64_t tempo = 74;                // blocks per epoch - 1; a configuration allows 1 to 1'000'000
  uint64_t block_seconds = 12;        // seconds, 1 to 3600
  uint16_t min_allowed_weights = 1;   // entries of a set_weights, 0 to 65535
  uint64_t weights_rate_limit = 50;   // blocks between two set_weights of one uid
  uint64_t weights_version_key = 0;   // 0: any
  uint64_t stake_min = 1'000'000'000; // rao, to set weights
  SLUICE_FIELDS(netuid, tempo, block_seconds, min_allowed_weights, weights_rate_limit,
                weights_version_key, stake_min)
  bool operator==(const chain_params&) const = default;
};

/// Number of the epoch that `block` belongs to: (block + netuid + 1) / (tempo + 1), rounded down
/// (facts/substrate §2). No error; `tempo` below 2^64 - 1, `block` below 2^64 - 65536 (not
/// checked).
epoch_no epoch_at(uint64_t block, const chain_params& params);

/// A signed set_weights as the chain sees it.
struct weights_extrinsic {
  hotkey signer;
  uint64_t nonce = 0;           // per signer, from 0, without gaps
  uint16_t netuid = 0;          // of the subnet; 0 and any but the chain's are dispatch errors
  std::vector<uint16_t> dests;  // uids
  std::vector<uint16_t> values; // weights, 0 to 65535; as many as dests, else WeightVecNotEqualSize
  uint64_t version_key = 0;     // any number; below the chain's is IncorrectWeightVersionKey
  SLUICE_FIELDS(signer, nonce, netuid, dests, values, version_key)
  bool operator==(const weights_extrinsic&) const = default;
};

/// Hash that names an extrinsic: 64 hex digits, a function of its bytes.
std::string extrinsic_hash(const weights_extrinsic& x);

/// What the chain holds of one validator.
struct chain_row {
  weight_row weights;
  uint64_t last_update = 0; // block, 0: never
  SLUICE_FIELDS(weights, last_update)
  bool operator==(const chain_row&) const = default;
};

/// What happened to an extrinsic that was included.
struct inclusion {
  std::string hash;
  uint64_t block = 0; // number of the block that it is included in, from 1
  std::string error;  // "" or the dispatch error's name, e.g. SettingWeightsTooFast
  weights_extrinsic extrinsic;
  SLUICE_FIELDS(hash, block, error, extrinsic)
  bool operator==(const inclusion&) const = default;
};

/// The whole chain as a value; every accepted change is also answered so that it can be stored.
struct dev_chain {
  chain_params params;
  uint64_t block = 1;                // number of the current block, from 1
  std::vector<neuron> neurons;       // by uid
  std::map<hotkey, uint64_t> nonces; // next expected
  std::map<miner_uid, chain_row> rows;
  SLUICE_FIELDS(params, block, neurons, nonces, rows)
  bool operator==(const dev_chain&) const = default;

  /// The pool's answer to an extrinsic: a fault chain_rejected such as "1010 Invalid Transaction:
  /// Transaction is outdated" (nonce too low), "... future" (too high). When it is taken it is
  /// included in the current block, the nonce is used up, and inclusion::error states what dispatch
  /// thought of it, in the chain's order of checks. Nonces count from 0 per signer.
  result<inclusion> submit(const weights_extrinsic& x);

  /// Block numbers only go forward; a lower one is ignored. No error.
  void advance_to(uint64_t to) { block = to > block ? to : block; }

  const neuron* find(const hotkey& key) const;

  /// Takes it off the chain, with the weights that it has set; its next nonce stays. False when it
  /// is not there.
  bool drop(const hotkey& key);

  /// Registers who is not registered yet and answers everybody's uid. A hotkey that has one keeps
  /// it, whatever was asked for; `any_uid` takes the lowest that is free. ec::refused when a uid is
  /// somebody else's or none is left; nobody is registered then. Uids are 0 to limits::miners_max -
  /// 1.
  result<std::vector<allowed_miner>> enrol(std::vector<allowed_miner> who);
};

/// Dispatch check of set_weights; "" when it would succeed (facts/mechanisms §E, facts/substrate
/// §3).
std::string dispatch_error(const dev_chain& chain, const weights_extrinsic& x);

} // namespace sluice
