/// Asks all mechanisms: for a step, and for their scores.
#pragma once

#include "messages/mechanism.hpp"
#include "messages/storage_writer.hpp"
#include "storage/data_dir.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <string>

namespace sluice {

/// How long a mechanism may take for its scores: milliseconds, from 1, not checked.
struct mechanisms_config {
  std::chrono::milliseconds scores_timeout{10'000};
};

struct mechanisms_links {
  std::shared_ptr<const storage::data_dir> disk;
  storage_writer_actor storage_writer;
  std::map<std::string, mechanism_actor> all; // by name; owned by the node
};

/// Scores: one that stays silent or fails is left out with its reason, never waited for beyond the
/// timeout; answers when the scores are durable (of who scores nobody: still the last good ones).
/// Steps: all at the same time, and everybody is waited for; an error of one is the error of the
/// step.
mechanisms_actor
spawn_mechanisms(caf::actor_system& system, mechanisms_config config, mechanisms_links links);

} // namespace sluice
