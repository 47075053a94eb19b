/// Asks every connected miner for leads once, and answers when all have answered or will not.
#pragma once

#include "messages/leads.hpp"

#include <vector>

namespace sluice {

/// `stepped`: time waits for everybody, so answers are in the order of the miners' uids; else in
/// the order in which they come, and the deadline of the question is kept by this actor's clock.
struct survey_config {
  bool stepped = true;
};

/// Ends after its answer. A miner in this process that stays silent is found by a fence behind the
/// question (decision 0004), one on another machine by its deadline.
lead_survey_actor spawn_lead_survey(caf::actor_system& system, survey_config config,
                                    std::vector<roster_entry> miners);

} // namespace sluice
