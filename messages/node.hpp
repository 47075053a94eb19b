/// What the node tells whoever watches it run.
#pragma once

#include "messages/chain.hpp"
#include "messages/mechanism.hpp"
#include "rules/mechanism_settings.hpp"

#include <optional>

namespace sluice {

/// First words of a run. Stays in this process.
struct run_started {
  std::string title;
  std::string data;       // folder of the state
  uint64_t laps_done = 0; // by earlier runs on this folder
  /// What each mechanism reads from, a line each, by the mechanism's name.
  std::map<std::string, std::vector<std::string>> sources;
  std::map<std::string, std::string> labels;            // hotkey -> strategy
  std::map<std::string, mechanism_settings> mechanisms; // as configured
  std::vector<std::string> again;            // the words of the command that continues this run
  std::map<std::string, std::string> serves; // "door" -> "ws://127.0.0.1:8700": what is open where
};

/// How far one part of a step has come, in blocks.
struct step_progress {
  std::string name; // what people call it: a job
  uint64_t from = 0;
  uint64_t to = 0; // included
  uint64_t block = 0;
  SLUICE_FIELDS(name, from, to, block)
};

/// Every mechanism did its step.
struct lap_done {
  uint64_t lap = 0;
  chain_head chain;
  std::vector<step_report> mechanisms;
  std::optional<publish_record> published; // of the epoch that began
};

/// Last words. `code` as bin/commands.hpp.
struct run_over {
  int32_t code = 0;
  std::string why;
  uint64_t laps = 0; // of this run
  SLUICE_FIELDS(code, why, laps)
};

/// REPORTER: shows a run to people or machines; answers when it is written.
using reporter_actor
  = caf::typed_actor<caf::replies_to<run_started>::with<atom::done>, caf::reacts_to<step_progress>,
                     caf::replies_to<lap_done>::with<atom::done>,
                     caf::replies_to<run_over>::with<atom::done>>;

/// CONDUCTOR: stepped time; lets every mechanism do a step, moves the chain, has weights published.
using conductor_actor = caf::typed_actor<
  // Begins.
  caf::reacts_to<atom::start>,
  // Its own: looks again whether there is something to play.
  caf::reacts_to<atom::due>,
  // Finishes the lap, with its weights, and ends the run.
  caf::reacts_to<atom::drain>>;

/// NODE: the root; owns everything.
using node_actor = caf::typed_actor<caf::reacts_to<atom::start>>;

} // namespace sluice

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::run_started)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::lap_done)

CAF_BEGIN_TYPE_ID_BLOCK(sluice_node, 800)

  CAF_ADD_TYPE_ID(sluice_node, (sluice::run_started))
  CAF_ADD_TYPE_ID(sluice_node, (sluice::step_progress))
  CAF_ADD_TYPE_ID(sluice_node, (sluice::lap_done))
  CAF_ADD_TYPE_ID(sluice_node, (sluice::run_over))
  CAF_ADD_TYPE_ID(sluice_node, (sluice::reporter_actor))
  CAF_ADD_TYPE_ID(sluice_node, (sluice::conductor_actor))

CAF_END_TYPE_ID_BLOCK(sluice_node)

EXTERN_INSTANTIATE(sluice::step_progress)
EXTERN_INSTANTIATE(sluice::run_over)
