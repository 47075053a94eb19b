/// What the HTTP routes of leads are answered by: the actors of a node.
#pragma once

#include "messages/leads.hpp"
#include "net/leads/routes.hpp"
#include "storage/data_dir.hpp"

#include <memory>

namespace sluice {

struct leads_backend_links {
  std::shared_ptr<const storage::data_dir> disk;
  leads_queues_actor queues;
  sourced_intake_actor intake;
  curation_actor curation;
};

/// Calls go to actors, which answer when what they have changed is durable; what is only read is
/// read from the disk at once. A call whose actor ends before it has answered is answered by the
/// routes.
std::shared_ptr<net::leads_backend> make_leads_backend(leads_backend_links links);

} // namespace sluice
