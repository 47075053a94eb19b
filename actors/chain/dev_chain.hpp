/// The embedded chain as an actor: the world outside, with a store of its own.
#pragma once

#include "messages/chain.hpp"
#include "messages/orders.hpp"
#include "messages/storage_writer.hpp"
#include "storage/data_dir.hpp"

#include <memory>

namespace sluice {

struct dev_chain_links {
  std::shared_ptr<const storage::data_dir> disk; // the devchain store is this actor's alone
  storage_writer_actor storage_writer;
};

/// The chain as the owner of this hotkey sees it; nobody's weights are ours when it has none.
chain_view view_of(const dev_chain& chain, const hotkey& who);

/// Takes up the stored chain, or starts with `genesis` on an empty disk. What it answers is
/// durable.
enrolling_chain_actor spawn_dev_chain(caf::actor_system& system, dev_chain genesis,
                                      dev_chain_links links, std::vector<allowed_miner> allow = {});

} // namespace sluice
