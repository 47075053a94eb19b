/// Takes requests for leads, has them found, stores and delivers them; decides when weights are
/// published and when sourced leads wait.
#pragma once

#include "actors/leads/ranker.hpp"
#include "messages/leads.hpp"
#include "messages/storage_writer.hpp"
#include "rules/leads/config.hpp"
#include "rules/leads/flow.hpp"
#include "rules/leads/intake.hpp"
#include "storage/data_dir.hpp"

#include <cstdint>
#include <functional>
#include <memory>

namespace sluice {

/// `start_ms`: milliseconds since 1970-01-01 UTC, now or of the last step. Not checked.
struct curation_config {
  hotkey own; // of this node
  leads_settings rules;
  flow_terms terms;
  bool stepped = true; // time comes with the steps, else from `unix_ms`
  uint64_t start_ms = 0;
  std::function<uint64_t()> unix_ms;                      // milliseconds since 1970-01-01 UTC
  bool own_thread = true;                                 // of the ranking program
  std::shared_ptr<const disposable_domains> disposable{}; // null: the usual ones
};

struct curation_links {
  std::shared_ptr<const storage::data_dir> disk;
  storage_writer_actor storage_writer;
  roster_actor roster;
  leads_queues_actor queues;
  sourced_intake_actor intake;
};

/// Requests that are under way at once; more are ec::busy.
inline constexpr size_t curation_requests_max = lead_questions_max;

/// Continues from the stored flow, with the attempt of the last step where that is still open.
/// Fails when the disk cannot be read, with its sentence.
curation_actor
spawn_curation(caf::actor_system& system, curation_config config, curation_links links);

} // namespace sluice
