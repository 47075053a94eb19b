/// Finds the leads for one request: asks connected miners, then those that poll, and ranks.
#pragma once

#include "messages/leads.hpp"
#include "rules/leads/intake.hpp"
#include "storage/data_dir.hpp"

#include <cstdint>
#include <memory>

namespace sluice {

/// `deadline_ms`: milliseconds from 1 that miners have to answer. Not checked.
struct search_config {
  uint64_t deadline_ms = 85'000;
  bool stepped = true;                                    // time waits for everybody: nobody polls
  std::shared_ptr<const disposable_domains> disposable{}; // null: the usual ones
};

struct search_links {
  std::shared_ptr<const storage::data_dir> disk; // who sourced what
  roster_actor roster;
  lead_fallback_actor fallback; // null: none
  lead_ranker_actor ranker;     // null: by conversion score
};

/// Answers one request and ends. A ranking program that fails is said in the log and replaced by
/// the conversion score.
lead_search_actor
spawn_lead_search(caf::actor_system& system, search_config config, search_links links);

} // namespace sluice
