/// The consensus mechanism: plays steps, answers with the ranking of miners as scores, obeys.
#pragma once

#include "messages/chain.hpp"
#include "messages/consensus/intake.hpp"
#include "messages/storage_writer.hpp"
#include "net/keys/key_file.hpp"
#include "rules/consensus/dev_reports.hpp"
#include "rules/consensus/node_settings.hpp"
#include "storage/data_dir.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace sluice {

/// A validator of a world: its reports are signed and go the way of everybody's.
struct dev_validator {
  uint16_t uid = 0; // 0 to 65535
  dev_validator_kind kind = dev_validator_kind::honest;
  net::key_pair keys;
};

/// `step_s`: seconds of the chain that one step of a world takes, from 1; `speed`: from 0, finite.
/// Not checked.
struct consensus_config {
  consensus_node_settings settings;
  uint64_t step_s = 900;
  std::function<uint64_t()> unix_ms;       // milliseconds since 1970-01-01 UTC
  std::function<void(uint64_t)> on_moment; // of a world: its clock is this moment now
  double speed = 0; // of a world, times real time; 0: as fast as the steps can take it
  std::vector<dev_validator> validators;  // of a world
  std::vector<dev_reported_miner> miners; // that these report about, by uid
};

struct consensus_links {
  std::shared_ptr<const storage::data_dir> disk;
  storage_writer_actor storage_writer;
  chain_reader_actor chain;
  consensus_intake_actor intake;
  task_distributor_actor distributor;
};

/// In a world every step is played: its validators report, then its tasks are given out. Else a
/// step is played every settings.step_s, so that weights follow, and paused before. A step that is
/// on the disk is answered from there.
mechanism_actor
spawn_consensus(caf::actor_system& system, consensus_config config, consensus_links links);

} // namespace sluice
