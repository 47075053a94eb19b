/// What the node tells whoever watches it run.
#pragma once

#include "messages/chain.hpp"
#include "messages/liquidity.hpp"

namespace sluice {

/// First words of a run.
struct run_started {
  std::string title;
  std::string data;                          // folder of the state
  uint64_t laps_done = 0;                    // by earlier runs on this folder
  std::vector<std::string> feeds;            // one line per job
  std::map<std::string, std::string> labels; // hotkey -> strategy
  std::map<std::string, job_config> jobs;
  std::vector<std::string> again;            // the words of the command that continues this run
  std::map<std::string, std::string> serves; // "door" -> "ws://127.0.0.1:8700": what is open where
  SLUICE_FIELDS(title, data, laps_done, feeds, labels, jobs, again, serves)
};

/// How far a round has come.
struct round_progress {
  job_id job;
  round_no number;
  uint64_t from = 0;
  uint64_t to = 0;
  uint64_t block = 0;
  SLUICE_FIELDS(job, number, from, to, block)
};

/// Every job did its round.
struct lap_done {
  uint64_t lap = 0;
  chain_head chain;
  std::vector<lap_report> jobs;
  std::optional<publish_record> published; // of the epoch that began
  SLUICE_FIELDS(lap, chain, jobs, published)
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
  = caf::typed_actor<caf::replies_to<run_started>::with<atom::done>, caf::reacts_to<round_progress>,
                     caf::replies_to<lap_done>::with<atom::done>,
                     caf::replies_to<run_over>::with<atom::done>>;

/// CONDUCTOR: stepped time; lets every job do a round, moves the chain, has weights published.
using conductor_actor = caf::typed_actor<
  // Begins, and looks again whether there is something to play.
  caf::reacts_to<atom::start>,
  // Finishes the lap, with its weights, and ends the run.
  caf::reacts_to<atom::drain>>;

/// NODE: the root; owns everything.
using node_actor = caf::typed_actor<caf::reacts_to<atom::start>>;

} // namespace sluice

CAF_BEGIN_TYPE_ID_BLOCK(sluice_node, 800)

  CAF_ADD_TYPE_ID(sluice_node, (sluice::run_started))
  CAF_ADD_TYPE_ID(sluice_node, (sluice::round_progress))
  CAF_ADD_TYPE_ID(sluice_node, (sluice::lap_done))
  CAF_ADD_TYPE_ID(sluice_node, (sluice::run_over))
  CAF_ADD_TYPE_ID(sluice_node, (sluice::reporter_actor))
  CAF_ADD_TYPE_ID(sluice_node, (sluice::conductor_actor))

CAF_END_TYPE_ID_BLOCK(sluice_node)

SLUICE_SPELLED_IN_ALL_CPP(sluice::run_started)
SLUICE_SPELLED_IN_ALL_CPP(sluice::round_progress)
SLUICE_SPELLED_IN_ALL_CPP(sluice::lap_done)
SLUICE_SPELLED_IN_ALL_CPP(sluice::run_over)
