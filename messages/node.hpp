/// What the node reports to whoever watches it run.
#pragma once

#include "messages/chain.hpp"
#include "messages/mechanism.hpp"
#include "rules/mechanism_settings.hpp"

#include <optional>

namespace sluice {

/// The start of a run. Stays in this process. Steps are counted from 0. Errors: none.
struct run_started {
  std::string title;
  std::string data;        // folder of the state
  uint64_t steps_done = 0; // by earlier runs on this folder
  /// What each mechanism reads from, a line each, by the mechanism's name.
  std::map<std::string, std::vector<std::string>> sources;
  std::map<std::string, std::string> labels;            // hotkey -> strategy
  std::map<std::string, mechanism_settings> mechanisms; // as configured
  std::vector<std::string> again; // the arguments of the command that continues this run
  std::map<std::string, std::string>
    serves; // "miner_gateway" -> "ws://127.0.0.1:8700": what is open where
};

/// How far one part of a step has come, in blocks. Numbers of the feed's blocks; `block` is from
/// `from` to `to`. Not checked here.
struct step_progress {
  std::string name; // what people call it: a job
  uint64_t from = 0;
  uint64_t to = 0; // included
  uint64_t block = 0;
  SLUICE_FIELDS(name, from, to, block)
};

/// Every mechanism did its step. In outputs (JSON, lines, `actor PATH`) a step keeps the name that
/// version 0.1.0 gave it, because programs read them: `lap`, `laps`, `laps_done` and so on.
/// Its number is from 1, counted over all runs on the folder. Errors: none.
struct step_done {
  uint64_t number = 0;
  chain_head chain;
  std::vector<step_report> mechanisms;
  std::optional<publish_record> published; // of the epoch that began
  weight_parts parts{};                    // what its weights are made of
};

/// The end of a run. `code` as bin/commands.hpp. The exit code is 0 to 255; steps are counted from
/// 0. Errors: none.
struct run_over {
  int32_t code = 0;
  std::string why;
  uint64_t steps = 0; // of this run
  SLUICE_FIELDS(code, why, steps)
};

/// REPORTER: shows a run to people or machines; answers when it is written.
using reporter_actor
  = caf::typed_actor<caf::replies_to<run_started>::with<atom::done>, caf::reacts_to<step_progress>,
                     caf::replies_to<step_done>::with<atom::done>,
                     caf::replies_to<run_over>::with<atom::done>>;

/// CONDUCTOR: stepped time; lets every mechanism do a step, moves the chain, has weights published.
using conductor_actor = caf::typed_actor<
  // Begins.
  caf::reacts_to<atom::start>,
  // Its own: looks again whether there is something to play.
  caf::reacts_to<atom::due>,
  // Finishes the step, with its weights, and ends the run.
  caf::reacts_to<atom::drain>>;

/// NODE: the root; owns everything.
using node_actor = caf::typed_actor<caf::reacts_to<atom::start>,
                                    // SIGHUP: whoever holds certificates, lists or limits of files
                                    // reads them anew.
                                    caf::reacts_to<atom::reload>>;

} // namespace sluice

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::run_started)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::step_done)

CAF_BEGIN_TYPE_ID_BLOCK(sluice_node, 800)

  CAF_ADD_TYPE_ID(sluice_node, (sluice::run_started))
  CAF_ADD_TYPE_ID(sluice_node, (sluice::step_progress))
  CAF_ADD_TYPE_ID(sluice_node, (sluice::step_done))
  CAF_ADD_TYPE_ID(sluice_node, (sluice::run_over))
  CAF_ADD_TYPE_ID(sluice_node, (sluice::reporter_actor))
  CAF_ADD_TYPE_ID(sluice_node, (sluice::conductor_actor))

CAF_END_TYPE_ID_BLOCK(sluice_node)

EXTERN_INSTANTIATE(sluice::step_progress)
EXTERN_INSTANTIATE(sluice::run_over)
