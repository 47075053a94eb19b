/// What every mechanism looks like from outside: it does steps, hands in its scores, obeys.
#pragma once

#include "messages/atoms.hpp"
#include "messages/errors.hpp"
#include "messages/inspect.hpp"
#include "rules/weights/mechanism_scores.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace sluice {

/// What became of the scores of one epoch: they are on the disk, where the weights read them
/// beside older ones. `epoch`: the chain's number, from 0. Not checked here.
struct score_board {
  epoch_no epoch;
  std::vector<std::string> stored;            // whose scores, by name
  std::map<std::string, std::string> missing; // who stayed silent, and why
  SLUICE_FIELDS(epoch, stored, missing)
  bool operator==(const score_board&) const = default;
};

/// What a mechanism adds to the report of a step, for its own part of the run's report.
struct step_detail {
  virtual ~step_detail() = default;
};

/// How a step ended for one mechanism, or for one job of one.
enum class step_outcome : uint8_t {
  played = 0, // it did something
  paused,     // by the operator: it did nothing, and may do something later
  over,       // it did nothing, and never will
};

/// What one mechanism did in one step. Stays in this process: the detail is shared, not copied.
struct step_report {
  std::string mechanism;
  step_outcome outcome = step_outcome::played;
  bool failed = false; // over because it cannot go on
  std::string note;    // over: why, in a sentence
  std::shared_ptr<const step_detail> detail;
};

/// An operator's command about a mechanism, with arguments that its catalogue has checked.
/// `time_ms`: milliseconds since 1970-01-01 UTC by the node's clock. Not checked here.
struct mechanism_command {
  std::string name;                   // "job pause"
  std::vector<std::string> arguments; // its arguments
  std::string who;
  uint64_t time_ms = 0; // unix
  std::string files_below{}; // the folder below which files that it names may be; "": none may
  SLUICE_FIELDS(name, arguments, who, time_ms, files_below)
  bool operator==(const mechanism_command&) const = default;
};

/// MECHANISM: one way to score miners. Scores are from 0, of any scale: only their ratios count
/// (rules/weights/pipeline.hpp). Step numbers are from 1.
using mechanism_actor = caf::typed_actor<
  // Returns the scores of a finished epoch.
  caf::replies_to<atom::scores, epoch_no>::with<mechanism_scores>,
  // Stepped time: does its part of the step of this number, counted from 1; asked again after a
  // restart it answers what is done already from disk.
  caf::replies_to<atom::step, uint64_t>::with<step_report>,
  // Obeys, durably, and answers a JSON document; ec::refused, ec::bad_input state why not.
  caf::replies_to<mechanism_command>::with<std::string>>;

/// MECHANISMS: asks them all. Epochs are the chain's numbers, steps are counted from 1; an error of
/// a mechanism is the answer to a step, and a reason in `missing` for scores.
using mechanisms_actor = caf::typed_actor<
  // Collects the scores of a finished epoch and stores each of them.
  caf::replies_to<atom::scores, epoch_no>::with<score_board>,
  // Every mechanism does the step; one report each, by name.
  caf::replies_to<atom::step, uint64_t>::with<std::vector<step_report>>>;

} // namespace sluice

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::step_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(std::vector<sluice::step_report>)

CAF_BEGIN_TYPE_ID_BLOCK(sluice_mechanism, 400)

  CAF_ADD_TYPE_ID(sluice_mechanism, (sluice::epoch_no))
  CAF_ADD_TYPE_ID(sluice_mechanism, (sluice::mechanism_scores))
  CAF_ADD_TYPE_ID(sluice_mechanism, (sluice::score_board))
  CAF_ADD_TYPE_ID(sluice_mechanism, (sluice::mechanism_actor))
  CAF_ADD_TYPE_ID(sluice_mechanism, (sluice::mechanisms_actor))
  CAF_ADD_TYPE_ID(sluice_mechanism, (sluice::step_report))
  CAF_ADD_TYPE_ID(sluice_mechanism, (std::vector<sluice::step_report>))
  CAF_ADD_TYPE_ID(sluice_mechanism, (sluice::mechanism_command))

CAF_END_TYPE_ID_BLOCK(sluice_mechanism)

EXTERN_INSTANTIATE(sluice::epoch_no)
EXTERN_INSTANTIATE(sluice::mechanism_scores)
EXTERN_INSTANTIATE(sluice::score_board)
EXTERN_INSTANTIATE(sluice::mechanism_command)
