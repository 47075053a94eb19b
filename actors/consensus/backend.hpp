/// What the HTTP routes of consensus are answered by: the actors of a node.
#pragma once

#include "messages/consensus/intake.hpp"
#include "net/consensus/routes.hpp"
#include "storage/data_dir.hpp"

#include <memory>

namespace sluice {

struct consensus_backend_links {
  std::shared_ptr<const storage::data_dir> disk;
  consensus_intake_actor intake;
  task_distributor_actor distributor;
};

/// Calls go to actors, which answer when what they have changed is durable; tasks that are only
/// looked at are read from the disk at once. A call whose actor ends before it has answered is
/// answered by the routes.
std::shared_ptr<net::consensus_backend> make_consensus_backend(consensus_backend_links links);

} // namespace sluice
