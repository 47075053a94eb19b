/// Messages about the chain: its position, what we send, what it holds.
#pragma once

#include "messages/atoms.hpp"
#include "messages/errors.hpp"
#include "messages/inspect.hpp"
#include "rules/chain/dev_chain.hpp"
#include "rules/weights/parts.hpp"
#include "storage/records.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <map>
#include <string>
#include <vector>

namespace sluice {

/// `block`: number of the chain's newest block, from 1 on the dev chain. `epoch`: (block + netuid +
/// 1) / (tempo + 1), rules/chain/dev_chain.hpp. Not checked here: the chain reports it.
struct chain_head {
  uint64_t block = 0;
  epoch_no epoch; // the one `block` belongs to
  SLUICE_FIELDS(block, epoch)
  bool operator==(const chain_head&) const = default;
};

/// The chain as one validator sees it at one block. `next_nonce`: of our validator's next
/// extrinsic, from 0. `weights_set`: by uid (0 to 65535), a block number from 1; who has never set
/// weights is not in it. Stakes are in rao (1e-9 TAO). Not checked here.
struct chain_view {
  chain_head head;
  chain_params params;
  std::vector<neuron> neurons;
  chain_row ours;
  uint64_t next_nonce = 0;
  std::map<miner_uid, uint64_t> weights_set{}; // block of a validator's last weights, if any
  std::string kind{};                          // for people: which chain this is
  SLUICE_FIELDS(head, params, neurons, ours, next_nonce, weights_set, kind)
  bool operator==(const chain_view&) const = default;
};

/// Weights -> chain writer: publish this. `weights`: fractions from 0 that add up to 1; `row`: the
/// same, quantised, each from 1 to 65535 with 65535 as the largest; `version_key`: any number, 0 is
/// good where the chain asks for none. They were checked by `guard` (rules/weights/pipeline.hpp).
struct weight_order {
  epoch_no epoch;
  weight_vector weights;
  weight_row row;
  uint64_t version_key = 0;
  bool over_skipped = false; // also when it was decided not to publish that epoch
  SLUICE_FIELDS(epoch, weights, row, version_key, over_skipped)
  bool operator==(const weight_order&) const = default;
};

/// CHAIN BACKEND: one chain, whatever it is made of; outside of the node. `advance`:
/// a block number; one below the chain's own changes nothing, and the answer is where the chain
/// stands. A hash has 64 hexadecimal digits. A refused extrinsic is ec::chain_rejected.
using chain_backend_actor = caf::typed_actor<
  // The chain as the owner of this hotkey sees it.
  caf::replies_to<atom::view, hotkey>::with<chain_view>,
  // Dev chain only: moves on to this block, never back.
  caf::replies_to<atom::advance, uint64_t>::with<chain_head>,
  // Takes an extrinsic into the pool; answers its hash or the pool's refusal.
  caf::replies_to<weights_extrinsic>::with<std::string>,
  // What became of an extrinsic; ec::no_such_key when it was never included.
  caf::replies_to<atom::included, std::string>::with<inclusion>>;

/// CHAIN READER: what the chain holds, for everybody. The number of steps is from 0; the chain
/// stands at block 1 + steps * blocks per step then.
using chain_reader_actor = caf::typed_actor<
  // The chain as our validator sees it.
  caf::replies_to<atom::view>::with<chain_view>,
  // Stepped time: as many steps have passed since the beginning; answers where the chain is now.
  caf::replies_to<atom::step, uint64_t>::with<chain_head>>;

/// CHAIN WRITER: the only one who signs. ec::chain_rejected and the storage writer's faults come
/// back as the record's `reason` or as an error.
using chain_writer_actor = caf::typed_actor<
  // Intent durable, sent, read back, durable; the record states how it ended. Never sends an epoch
  // twice.
  caf::replies_to<weight_order>::with<publish_record>>;

/// WEIGHTS: one pipeline for all mechanisms. Epochs are numbers of the chain's, from 0.
using weights_actor = caf::typed_actor<
  // Collects, blends, guards and publishes once per epoch; asked again it answers the stored
  // record.
  caf::replies_to<atom::publish, epoch_no>::with<publish_record>,
  // What each mechanism's share of that epoch was made of; empty when nothing was decided.
  caf::replies_to<atom::view, epoch_no>::with<weight_parts>>;

} // namespace sluice

CAF_BEGIN_TYPE_ID_BLOCK(sluice_chain, 600)

  CAF_ADD_TYPE_ID(sluice_chain, (sluice::hotkey))
  CAF_ADD_TYPE_ID(sluice_chain, (sluice::chain_head))
  CAF_ADD_TYPE_ID(sluice_chain, (sluice::chain_view))
  CAF_ADD_TYPE_ID(sluice_chain, (sluice::weight_order))
  CAF_ADD_TYPE_ID(sluice_chain, (sluice::weights_extrinsic))
  CAF_ADD_TYPE_ID(sluice_chain, (sluice::inclusion))
  CAF_ADD_TYPE_ID(sluice_chain, (sluice::publish_record))
  CAF_ADD_TYPE_ID(sluice_chain, (sluice::chain_backend_actor))
  CAF_ADD_TYPE_ID(sluice_chain, (sluice::chain_reader_actor))
  CAF_ADD_TYPE_ID(sluice_chain, (sluice::chain_writer_actor))
  CAF_ADD_TYPE_ID(sluice_chain, (sluice::weights_actor))
  CAF_ADD_TYPE_ID(sluice_chain, (sluice::weight_part))
  CAF_ADD_TYPE_ID(sluice_chain, (sluice::weight_parts))

CAF_END_TYPE_ID_BLOCK(sluice_chain)

EXTERN_INSTANTIATE(sluice::hotkey)
EXTERN_INSTANTIATE(sluice::chain_head)
EXTERN_INSTANTIATE(sluice::chain_view)
EXTERN_INSTANTIATE(sluice::weight_order)
EXTERN_INSTANTIATE(sluice::weights_extrinsic)
EXTERN_INSTANTIATE(sluice::inclusion)
EXTERN_INSTANTIATE(sluice::publish_record)
EXTERN_INSTANTIATE(sluice::weight_part)
