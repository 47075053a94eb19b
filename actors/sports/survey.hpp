/// Asks the miners that are connected through the roster for predictions, has the intake judge
/// them, and sends each miner what became of its own.
#pragma once

#include "messages/miner.hpp"
#include "messages/sports/intake.hpp"

#include <cstdint>
#include <functional>

namespace sluice {

/// `deadline_ms`: to answer, 1 to 600000. Not checked.
struct sports_survey_config {
  bool stepped = true; // nobody is waited for longer than the fence; else by the deadline
  nano daily_limit = 1000 * nano_one;
  uint64_t deadline_ms = 10'000;
};

struct sports_survey_links {
  roster_actor roster;
  sports_intake_actor intake;
};

/// In stepped time answers are handed in by uid, whoever was faster; else as they come. A survey
/// without a game to predict asks nobody.
sports_survey_actor spawn_sports_survey(caf::actor_system& system, sports_survey_config config,
                                        sports_survey_links links);

} // namespace sluice
