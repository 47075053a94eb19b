/// What every mechanism looks like from outside: it hands in a score sheet.
#pragma once

#include "messages/atoms.hpp"
#include "messages/errors.hpp"
#include "messages/inspect.hpp"
#include "rules/weights/score_sheet.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <map>
#include <vector>

namespace sluice {

/// The sheets of all mechanisms for one epoch; who stayed silent is absent, with the reason.
struct score_board {
  epoch_no epoch;
  std::vector<score_sheet> sheets;
  std::map<std::string, std::string> absent;
  SLUICE_FIELDS(epoch, sheets, absent)
  bool operator==(const score_board&) const = default;
};

/// MECHANISM: liquidity, trading, leads, consensus, sports.
using mechanism_actor = caf::typed_actor<
  // Returns the sheet of a finished epoch.
  caf::replies_to<atom::scores, epoch_no>::with<score_sheet>>;

/// MECHANISMS: asks them all.
using mechanisms_actor = caf::typed_actor<
  // Collects the sheets of a finished epoch and stores each of them.
  caf::replies_to<atom::scores, epoch_no>::with<score_board>>;

} // namespace sluice

CAF_BEGIN_TYPE_ID_BLOCK(sluice_mechanism, 400)

  CAF_ADD_TYPE_ID(sluice_mechanism, (sluice::epoch_no))
  CAF_ADD_TYPE_ID(sluice_mechanism, (sluice::score_sheet))
  CAF_ADD_TYPE_ID(sluice_mechanism, (sluice::score_board))
  CAF_ADD_TYPE_ID(sluice_mechanism, (sluice::mechanism_actor))
  CAF_ADD_TYPE_ID(sluice_mechanism, (sluice::mechanisms_actor))

CAF_END_TYPE_ID_BLOCK(sluice_mechanism)

SLUICE_SPELLED_IN_ALL_CPP(sluice::epoch_no)
SLUICE_SPELLED_IN_ALL_CPP(sluice::score_sheet)
SLUICE_SPELLED_IN_ALL_CPP(sluice::score_board)
