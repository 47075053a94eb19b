/// The leads mechanism: plays steps, answers with the shares as scores, obeys.
#pragma once

#include "messages/chain.hpp"
#include "messages/leads.hpp"
#include "messages/storage_writer.hpp"
#include "rules/leads/node_settings.hpp"
#include "storage/data_dir.hpp"

#include <cstdint>
#include <functional>
#include <memory>

namespace sluice {

/// `step_s`: seconds of the chain that one step of a world takes, from 1; `speed`: from 0, finite.
/// Not checked.
struct leads_config {
  leads_node_settings settings;
  uint64_t step_s = 900;
  std::function<uint64_t()> unix_ms; // milliseconds since 1970-01-01 UTC
  double speed = 0; // of a world, times real time; 0: as fast as the steps can take it
};

struct leads_links {
  std::shared_ptr<const storage::data_dir> disk;
  storage_writer_actor storage_writer;
  chain_reader_actor chain;
  roster_actor roster; // who is sent its share
  sourced_intake_actor intake;
  curation_actor curation;
};

/// In a world every step is played; else a step is played when a publish is due, and paused when
/// none is. A step that is on the disk is answered from there.
mechanism_actor spawn_leads(caf::actor_system& system, leads_config config, leads_links links);

} // namespace sluice
